//! Mass actions wait for a second admin: one stolen token must not erase a company's phones.

use serde_json::{Value, json};

use super::{Actor, Admin, Answer, Call, Refusal, Within, unknown};
use crate::crypto;
use crate::storage::{PendingRow, Tx};

/// Erasures and revocations an hour that one admin may order alone, at most.
const MOST: i64 = 10;
/// In a small company it is this part of the devices, in percent, ...
const PERCENT: i64 = 5;
/// ... but never fewer than this, or one lost phone out of ten would need two people.
const FEWEST: i64 = 3;
/// The hour.
const PERIOD_S: i64 = 3_600;

/// `Some` is the answer "waiting for a second admin"; `None` means go on.
pub(super) fn wait(at: &Within<'_>, tx: &dyn Tx, count: usize) -> Result<Option<Answer>, Refusal> {
    if at.approved {
        return Ok(None);
    }
    let since = at.now().plus(-PERIOD_S);
    let done = tx.count_erasures_since(at.id(), since)? + tx.count_revoked_since(at.id(), since)?;
    let alone = (tx.count_devices(at.id())? * PERCENT / 100).clamp(FEWEST, MOST);
    let wanted = i64::try_from(count).unwrap_or(i64::MAX);
    if done.saturating_add(wanted) <= alone {
        return Ok(None);
    }
    let id = crypto::uuid()?[..8].to_owned();
    let call = json!({"method": at.call.method, "path": at.call.path, "body": at.call.body});
    tx.insert_pending(&PendingRow {
        id: id.clone(),
        tenant: at.id().clone(),
        call,
        asked_by: at.actor.0.clone(),
        asked_at: at.now(),
        approved_by: None,
    })?;
    let message = format!(
        "More than {alone} erasures or revocations within an hour: waiting for a second admin. \
         Another admin runs: approve {id}"
    );
    Ok(Some((202, json!({"waiting": id, "message": message}))))
}

fn view(row: PendingRow) -> Value {
    json!({
        "id": row.id, "tenant": row.tenant, "call": row.call,
        "asked_by": row.asked_by, "asked_at": row.asked_at.rfc3339(),
    })
}

pub(super) fn list(admin: &Admin) -> Result<Answer, Refusal> {
    let rows = admin.storage.read(|tx| tx.pending())?;
    Ok((200, json!({"approvals": rows.into_iter().map(view).collect::<Vec<_>>()})))
}

pub(super) fn approve(admin: &Admin, actor: &Actor, id: &str) -> Result<Answer, Refusal> {
    let row = admin.storage.read(|tx| tx.pending_by_id(id))?;
    let row = row.filter(|row| row.approved_by.is_none());
    let row = row.ok_or_else(|| unknown("waiting action", id))?;
    if row.asked_by == actor.0 {
        return Err(Refusal::Told(403, "another admin has to approve this".to_owned()));
    }
    if !admin.storage.write(|tx| tx.approve_pending(id, &actor.0))? {
        return Err(unknown("waiting action", id));
    }
    let path: Vec<String> = serde_json::from_value(row.call["path"].clone()).unwrap_or_default();
    let method = row.call["method"].as_str().unwrap_or_default().to_owned();
    let call = Call { method, path, query: Vec::new(), body: row.call["body"].clone() };
    let rest: Vec<&str> = call.path.iter().skip(2).map(String::as_str).collect();
    admin.within(&Actor(row.asked_by), &call, row.tenant.as_str(), &rest, true)
}
