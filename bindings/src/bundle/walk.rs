//! Walks a Bundle over JNI. A Bundle's values are read by their runtime class, whatever type the
//! restriction was declared with: that is for the core to judge.
use jni::objects::{JObject, JObjectArray, JString};
use jni::strings::JNIStr;
use jni::{Env, jni_sig, jni_str};
use serde_json::{Map, Value};

use super::Result;
use super::tree::{self, Budget, Depth};

/// Local references that one value needs; the rest of a frame is slack.
const FRAME: usize = 16;

/// The configuration that `bundle` is: an object, or null for none.
pub(super) fn whole(env: &mut Env<'_>, bundle: &JObject<'_>) -> Result<Value> {
    if bundle.is_null() {
        return Ok(Value::Null);
    }
    let mut budget = Budget::new();
    Ok(Value::Object(entries(env, bundle, Depth::TOP, &mut budget)?))
}

/// The elements of a `java.util.List`; of null, none.
pub(super) fn list_elements<'local>(
    env: &mut Env<'local>,
    list: &JObject<'_>,
) -> Result<JObjectArray<'local, JObject<'local>>> {
    if list.is_null() {
        return Ok(JObjectArray::<JObject>::new(env, 0, JObject::null())?);
    }
    let array =
        env.call_method(list, jni_str!("toArray"), jni_sig!(() -> [java.lang.Object]), &[])?.l()?;
    Ok(env.cast_local::<JObjectArray<JObject>>(array)?)
}

/// The entries of a Bundle whose values lie at `depth`.
fn entries(
    env: &mut Env<'_>,
    bundle: &JObject<'_>,
    depth: Depth,
    budget: &mut Budget,
) -> Result<Map<String, Value>> {
    let keys =
        env.call_method(bundle, jni_str!("keySet"), jni_sig!(() -> java.util.Set), &[])?.l()?;
    let keys = list_elements(env, &keys)?;
    let mut map = Map::new();
    for at in 0..keys.len(env)? {
        let (name, value) = env.with_local_frame(FRAME, |env| -> Result<_> {
            let key = keys.get_element(env, at)?;
            if key.is_null() {
                return Ok((String::new(), Value::Null));
            }
            let inner = env
                .call_method(
                    bundle,
                    jni_str!("get"),
                    jni_sig!((java.lang.String) -> java.lang.Object),
                    &[(&key).into()],
                )?
                .l()?;
            let name = text(env, key)?;
            budget.key(&name)?;
            Ok((name, value(env, inner, depth, budget)?))
        })?;
        map.insert(name, value);
    }
    Ok(map)
}

fn value(
    env: &mut Env<'_>,
    object: JObject<'_>,
    depth: Depth,
    budget: &mut Budget,
) -> Result<Value> {
    if object.is_null() {
        return Ok(Value::Null);
    }
    if is_a(env, &object, jni_str!("java/lang/String"))? {
        return Ok(budget.text(text(env, object)?)?);
    }
    if is_a(env, &object, jni_str!("java/lang/Number"))? {
        return number(env, &object);
    }
    if is_a(env, &object, jni_str!("java/lang/Boolean"))? {
        let yes =
            env.call_method(&object, jni_str!("booleanValue"), jni_sig!(() -> jboolean), &[])?;
        return Ok(Value::Bool(yes.z()?));
    }
    // Bundle, and PersistableBundle beside it.
    if is_a(env, &object, jni_str!("android/os/BaseBundle"))? {
        let inner = entries(env, &object, depth.deeper()?, budget)?;
        return Ok(tree::bundle(inner));
    }
    // String[], Parcelable[], Bundle[] and whatever else a Parcelable[] turns out to be.
    if is_a(env, &object, jni_str!("[Ljava/lang/Object;"))? {
        let items = env.cast_local::<JObjectArray<JObject>>(object)?;
        return list(env, &items, depth, budget);
    }
    if is_a(env, &object, jni_str!("java/util/List"))? {
        let items = list_elements(env, &object)?;
        return list(env, &items, depth, budget);
    }
    if is_a(env, &object, jni_str!("java/lang/CharSequence"))? {
        return Ok(budget.text(to_string(env, &object)?)?);
    }
    let name = class_name(env, &object)?;
    Ok(tree::unsupported(&name))
}

fn number(env: &mut Env<'_>, object: &JObject<'_>) -> Result<Value> {
    if is_a(env, object, jni_str!("java/lang/Long"))? {
        return Ok(tree::long(as_long(env, object)?));
    }
    if is_a(env, object, jni_str!("java/lang/Double"))? {
        let number =
            env.call_method(object, jni_str!("doubleValue"), jni_sig!(() -> jdouble), &[])?;
        return Ok(tree::double(number.d()?));
    }
    if is_a(env, object, jni_str!("java/lang/Float"))? {
        let number =
            env.call_method(object, jni_str!("floatValue"), jni_sig!(() -> jfloat), &[])?;
        return Ok(tree::float(number.f()?));
    }
    for class in
        [jni_str!("java/lang/Integer"), jni_str!("java/lang/Short"), jni_str!("java/lang/Byte")]
    {
        if is_a(env, object, class)? {
            return Ok(Value::from(as_long(env, object)?));
        }
    }
    let name = class_name(env, object)?;
    Ok(tree::unsupported(&name))
}

fn list(
    env: &mut Env<'_>,
    items: &JObjectArray<'_, JObject<'_>>,
    depth: Depth,
    budget: &mut Budget,
) -> Result<Value> {
    let inside = depth.deeper()?;
    let mut values = Vec::new();
    for at in 0..items.len(env)? {
        budget.item()?;
        values.push(env.with_local_frame(FRAME, |env| -> Result<Value> {
            let item = items.get_element(env, at)?;
            value(env, item, inside, budget)
        })?);
    }
    Ok(Value::Array(values))
}

fn is_a(env: &mut Env<'_>, object: &JObject<'_>, class: &JNIStr) -> Result<bool> {
    let class = env.find_class(class)?;
    let answer = env.is_instance_of(object, &class)?;
    env.delete_local_ref(class);
    Ok(answer)
}

fn as_long(env: &mut Env<'_>, object: &JObject<'_>) -> Result<i64> {
    Ok(env.call_method(object, jni_str!("longValue"), jni_sig!(() -> jlong), &[])?.j()?)
}

fn text(env: &mut Env<'_>, object: JObject<'_>) -> Result<String> {
    Ok(env.cast_local::<JString>(object)?.try_to_string(env)?)
}

fn to_string(env: &mut Env<'_>, object: &JObject<'_>) -> Result<String> {
    let string = env
        .call_method(object, jni_str!("toString"), jni_sig!(() -> java.lang.String), &[])?
        .l()?;
    match string.is_null() {
        true => Ok(String::new()),
        false => text(env, string),
    }
}

fn class_name(env: &mut Env<'_>, object: &JObject<'_>) -> Result<String> {
    let class = env.get_object_class(object)?;
    let name =
        env.call_method(&class, jni_str!("getName"), jni_sig!(() -> java.lang.String), &[])?.l()?;
    text(env, name)
}
