//! `android.os.Bundle` → the JSON that stands for it (`ConfigurationTree.Json`).
//!
//! The two functions here are the native methods of the class `dev.muster.sdk.NativeBundles`:
//!
//! ```java
//! static native String read(android.os.Bundle bundle);
//! static native String[] readAll(java.util.List<android.os.Bundle> bundles);
//! ```
//!
//! A null Bundle gives the text `null`. They keep nothing between calls and find classes anew each
//! time, so they work under any class loader. What they throw are the classes that UniFFI makes of
//! [`MusterError`]: `MusterException.OverLimit`, `.InvalidInput` and `.Broken` in `dev.muster.ffi`.
mod tree;
mod walk;

use jni::errors::ErrorPolicy;
use jni::objects::{JClass, JObject, JObjectArray, JString};
use jni::strings::{JNIStr, JNIString};
use jni::{Env, EnvUnowned, jni_str};
use muster_core::config::InputError;

use crate::error::{BadInput, MusterError};
use crate::guard::{Panicked, caught};

/// Why a Bundle was not read.
#[derive(Debug)]
enum BundleError {
    /// Over a limit.
    Limit(InputError),
    /// The virtual machine refused, or a method of the Bundle threw.
    Jni(jni::errors::Error),
    /// A mistake of ours.
    Panicked,
}

type Result<T> = std::result::Result<T, BundleError>;

impl From<jni::errors::Error> for BundleError {
    fn from(error: jni::errors::Error) -> Self {
        BundleError::Jni(error)
    }
}

impl From<InputError> for BundleError {
    fn from(limit: InputError) -> Self {
        BundleError::Limit(limit)
    }
}

/// `NativeBundles.read`
#[unsafe(no_mangle)]
extern "system" fn Java_dev_muster_sdk_NativeBundles_read<'local>(
    mut env: EnvUnowned<'local>,
    _class: JClass<'local>,
    bundle: JObject<'local>,
) -> JString<'local> {
    env.with_env(|env| {
        guarded(|| {
            let text = read(env, &bundle)?;
            Ok(env.new_string(text)?)
        })
    })
    .resolve::<ThrowMusterException>()
}

/// `NativeBundles.readAll`
#[unsafe(no_mangle)]
extern "system" fn Java_dev_muster_sdk_NativeBundles_readAll<'local>(
    mut env: EnvUnowned<'local>,
    _class: JClass<'local>,
    bundles: JObject<'local>,
) -> JObjectArray<'local, JString<'local>> {
    env.with_env(|env| {
        guarded(|| {
            let bundles = walk::list_elements(env, &bundles)?;
            let length = bundles.len(env)?;
            let texts = JObjectArray::<JString>::new(env, length, JString::null())?;
            for at in 0..length {
                env.with_local_frame(8, |env| -> Result<()> {
                    let bundle = bundles.get_element(env, at)?;
                    let text = read(env, &bundle)?;
                    let text = env.new_string(text)?;
                    Ok(texts.set_element(env, at, &text)?)
                })?;
            }
            Ok(texts)
        })
    })
    .resolve::<ThrowMusterException>()
}

fn read(env: &mut Env<'_>, bundle: &JObject<'_>) -> Result<String> {
    Ok(walk::whole(env, bundle)?.to_string())
}

fn guarded<T>(work: impl FnOnce() -> Result<T>) -> Result<T> {
    caught(work).unwrap_or_else(|Panicked| Err(BundleError::Panicked))
}

/// Turns every failure into a `MusterException`.
struct ThrowMusterException;

impl<T: Default> ErrorPolicy<T, BundleError> for ThrowMusterException {
    type Captures<'unowned_env_local: 'native_method, 'native_method> = ();

    fn on_error<'unowned_env_local: 'native_method, 'native_method>(
        env: &mut Env<'unowned_env_local>,
        _: &mut (),
        error: BundleError,
    ) -> jni::errors::Result<T> {
        let error = match error {
            BundleError::Limit(limit) => MusterError::OverLimit(limit),
            BundleError::Panicked => MusterError::Broken,
            BundleError::Jni(error) => {
                // The text of a foreign exception can hold values of the Bundle.
                let _ = error;
                log::error!("a Bundle can't be read");
                BadInput::Bundle.into()
            }
        };
        throw(env, error);
        Ok(T::default())
    }

    fn on_panic<'unowned_env_local: 'native_method, 'native_method>(
        env: &mut Env<'unowned_env_local>,
        _: &mut (),
        payload: Box<dyn std::any::Any + Send + 'static>,
    ) -> jni::errors::Result<T> {
        let _ = caught(|| drop(payload));
        throw(env, MusterError::Broken);
        Ok(T::default())
    }
}

fn throw(env: &mut Env<'_>, error: MusterError) {
    env.exception_clear();
    let class: &JNIStr = match error {
        MusterError::OverLimit(_) => jni_str!("dev/muster/ffi/MusterException$OverLimit"),
        MusterError::Broken => jni_str!("dev/muster/ffi/MusterException$Broken"),
        _ => jni_str!("dev/muster/ffi/MusterException$InvalidInput"),
    };
    let text = JNIString::from(error.to_string());
    // Both answer `Err` when they have thrown, so look at what is pending.
    let _ = env.throw_new(class, &text);
    let thrown = env.exception_occurred();
    if thrown.is_none() {
        // An app that uses the reader alone, without the generated sources.
        let _ = env.throw_new(jni_str!("java/lang/IllegalArgumentException"), &text);
    }
}
