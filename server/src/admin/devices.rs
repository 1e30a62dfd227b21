//! Devices, commands to them, and the events they sent.

use serde::Deserialize;
use serde_json::{Value, json};

use super::{Answer, Refusal, Within, guard, unknown};
use crate::crypto;
use crate::ids::{Thumbprint, UnixTime};
use crate::storage::{CommandRow, DeviceRow, DeviceState, Tx};

/// How long a command is handed out. A phone that stays away longer learns of an erase by its
/// status.
const COMMAND_S: i64 = 90 * 86_400;
/// Fewest characters of a device's name that are enough to mean it.
const PREFIX: usize = 6;
/// Characters of a message shown on the phone.
const MESSAGE_CHARS: usize = 500;

fn view(at: &Within<'_>, tx: &dyn Tx, row: &DeviceRow) -> Result<Value, Refusal> {
    let person = match row.person {
        Some(id) => tx.person(at.id(), id)?,
        None => None,
    };
    Ok(json!({
        "device": row.name,
        "state": row.state,
        "person": person.as_ref().and_then(|person| person.email.clone()),
        "name": person.as_ref().map(|person| person.name.clone()),
        "identity_proven": row.proven,
        "way_in": row.way,
        "platform": row.facts.platform,
        "model": row.facts.model,
        "os_version": row.facts.os_version,
        "app_version": row.facts.app_version,
        "device_id": row.facts.device_id,
        "serial_number": row.facts.serial_number,
        "enrollment_id": row.facts.enrollment_id,
        "locked": row.locked,
        "compliance": row.compliance,
        "compliance_at": row.compliance_at.map(UnixTime::rfc3339),
        "activated_at": row.created_at.rfc3339(),
        "last_contact": row.last_contact.rfc3339(),
        "erased_at": row.erased_at.map(UnixTime::rfc3339),
    }))
}

pub(super) fn list(at: &Within<'_>) -> Result<Answer, Refusal> {
    let after = at.call.query("after").unwrap_or_default();
    let (rows, next) = at.read(|tx| {
        let rows = tx.devices(at.id(), after, at.call.page())?;
        let next = rows.last().filter(|_| rows.len() == at.call.page()).map(|row| row.name.clone());
        let views = rows.iter().map(|row| view(at, tx, row)).collect::<Result<Vec<_>, _>>()?;
        Ok((views, next))
    })?;
    Ok((200, json!({"devices": rows, "next": next})))
}

/// By name, or by the beginning of it.
fn find(at: &Within<'_>, tx: &dyn Tx, name: &str) -> Result<DeviceRow, Refusal> {
    if name.len() < PREFIX {
        return Err(Refusal::wrong(format!("give at least {PREFIX} characters of the device")));
    }
    let mut found = tx.devices_by_prefix(at.id(), name)?;
    match (found.pop(), found.pop()) {
        (Some(device), None) => Ok(device),
        (Some(_), Some(_)) => Err(Refusal::wrong(format!("several devices begin with {name}"))),
        _ => Err(unknown("device", name)),
    }
}

pub(super) fn show(at: &Within<'_>, name: &str) -> Result<Answer, Refusal> {
    let answer = at.read(|tx| {
        let device = find(at, tx, name)?;
        let mut answer = view(at, tx, &device)?;
        let commands: Vec<Value> = tx
            .commands(&device.name)?
            .into_iter()
            .map(|row| {
                json!({
                    "jti": row.jti, "kind": row.kind, "cause": row.cause, "message": row.message,
                    "created_at": row.created_at.rfc3339(), "expires_at": row.expires_at.rfc3339(),
                    "acknowledged_at": row.acknowledged_at.map(UnixTime::rfc3339),
                    "outcome": row.outcome,
                })
            })
            .collect();
        answer["commands"] = Value::Array(commands);
        answer["policy_seq"] = json!(tx.policy(&device.name)?.map(|policy| policy.seq));
        Ok(answer)
    })?;
    Ok((200, answer))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Order {
    devices: Vec<String>,
    cause: Option<String>,
    message: Option<String>,
}

pub(super) fn command(at: &Within<'_>, action: &str) -> Result<Answer, Refusal> {
    let order: Order = at.call.read()?;
    if order.message.as_ref().is_some_and(|text| text.chars().count() > MESSAGE_CHARS) {
        return Err(Refusal::wrong(format!("a message has at most {MESSAGE_CHARS} characters")));
    }
    let cause = match (action, order.cause.as_deref()) {
        ("retire", None) => Some("retired"),
        ("erase", cause) => match cause.unwrap_or("retired") {
            "retired" => Some("retired"),
            "lost" => Some("lost"),
            _ => return Err(Refusal::wrong("the cause is retired or lost")),
        },
        ("lock" | "unlock" | "sync", None) => None,
        ("retire" | "lock" | "unlock" | "sync", Some(_)) => {
            return Err(Refusal::wrong("only erase has a cause"));
        }
        _ => return Err(Refusal::none("there is no such call")),
    };
    at.write(|tx| {
        let mut devices = Vec::new();
        for name in &order.devices {
            devices.push(find(at, tx, name)?);
        }
        if cause.is_some()
            && let Some(waiting) = guard::wait(at, tx, devices.len())?
        {
            return Ok(waiting);
        }
        let mut jtis = Vec::new();
        for device in devices {
            if !matches!(
                device.state,
                DeviceState::Pending | DeviceState::Active | DeviceState::Retiring
            ) {
                let (name, state) = (&device.name.as_str()[..PREFIX], device.state.as_str());
                return Err(Refusal::taken(format!("device {name}… is {state}")));
            }
            jtis.push(match cause {
                Some(cause) => erase(at, tx, device, cause, order.message.as_deref())?,
                None => tell(at, tx, device, action, order.message.as_deref())?,
            });
        }
        Ok((200, json!({"action": action, "devices": order.devices, "commands": jtis})))
    })
}

/// Devices that still hold something.
pub(super) fn erasable(devices: Vec<DeviceRow>) -> Vec<DeviceRow> {
    devices
        .into_iter()
        .filter(|device| matches!(device.state, DeviceState::Pending | DeviceState::Active))
        .collect()
}

/// Orders an erase. Once given it is not taken back: from now on the device gets no contacts, and
/// its status says `wipe`.
pub(super) fn erase(
    at: &Within<'_>,
    tx: &dyn Tx,
    mut device: DeviceRow,
    cause: &str,
    message: Option<&str>,
) -> Result<String, Refusal> {
    device.state = DeviceState::Retiring;
    tx.put_device(&device)?;
    give(at, tx, &device.name, "erase", Some(cause), message)
}

fn tell(
    at: &Within<'_>,
    tx: &dyn Tx,
    mut device: DeviceRow,
    kind: &str,
    message: Option<&str>,
) -> Result<String, Refusal> {
    if kind != "sync" {
        device.locked = kind == "lock";
        tx.put_device(&device)?;
    }
    give(at, tx, &device.name, kind, None, message)
}

fn give(
    at: &Within<'_>,
    tx: &dyn Tx,
    device: &Thumbprint,
    kind: &str,
    cause: Option<&str>,
    message: Option<&str>,
) -> Result<String, Refusal> {
    let (jti, now) = (crypto::uuid()?, at.now());
    tx.insert_command(
        at.id(),
        &CommandRow {
            jti: jti.clone(),
            device: device.clone(),
            kind: kind.to_owned(),
            cause: cause.map(str::to_owned),
            message: message.map(str::to_owned),
            created_at: now,
            expires_at: now.plus(COMMAND_S),
            acknowledged_at: None,
            outcome: None,
        },
    )?;
    Ok(jti)
}

pub(super) fn events(at: &Within<'_>) -> Result<Answer, Refusal> {
    let after = at.call.query("after").and_then(|n| n.parse().ok()).unwrap_or(0);
    let rows = at.read(|tx| {
        let device = match at.call.query("device") {
            Some(name) => Some(find(at, tx, name)?.name),
            None => None,
        };
        Ok(tx.events(at.id(), device.as_ref(), after, at.call.page())?)
    })?;
    let next = rows.last().filter(|_| rows.len() == at.call.page()).map(|row| row.id);
    let rows: Vec<Value> = rows
        .into_iter()
        .map(|row| {
            let types: Vec<String> = row
                .claims
                .get("events")
                .and_then(Value::as_object)
                .map(|events| events.keys().cloned().collect())
                .unwrap_or_default();
            json!({
                "id": row.id, "device": row.device, "jti": row.jti,
                "received_at": row.received_at.rfc3339(), "types": types, "claims": row.claims,
            })
        })
        .collect();
    Ok((200, json!({"events": rows, "next": next})))
}
