//! Where a command's calls go: to a running server, or to the data file.

use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;

use super::args::Common;
use super::context::Failed;
use crate::admin::{Actor, Admin, Call};
use crate::clock::SystemClock;
use crate::storage::Storage;
use crate::storage::sqlite::Sqlite;

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(60);
/// Who somebody is that works on the data file without a token.
const LOCAL: &str = "data file";

pub(super) enum Backend {
    Http { agent: ureq::Agent, base: String, token: String },
    Local { admin: Box<Admin>, actor: Actor },
}

impl Backend {
    pub(super) fn open(common: &Common) -> Result<Self, Failed> {
        if let Some(url) = &common.url {
            let token = common.token.clone().ok_or_else(|| {
                Failed::Use("--url needs an admin token: --token or MUSTER_ADMIN_TOKEN".to_owned())
            })?;
            let agent = ureq::Agent::config_builder()
                .timeout_global(Some(PATIENCE))
                .http_status_as_error(false)
                .max_redirects(0)
                .build()
                .into();
            let base = format!("{}/admin/v1", url.trim_end_matches('/'));
            return Ok(Self::Http { agent, base, token });
        }
        if !common.data.is_file() {
            return Err(Failed::Work(format!(
                "there is no data file {}: make one with init, or name a server with --url",
                common.data.display()
            )));
        }
        let storage: Arc<dyn Storage> = Arc::new(Sqlite::open(&common.data).map_err(Failed::work)?);
        let admin = Admin { storage, clock: Arc::new(SystemClock), issuer: None };
        let actor = match &common.token {
            None => Actor(LOCAL.to_owned()),
            Some(token) => admin
                .actor(token)
                .map_err(Failed::work)?
                .ok_or_else(|| Failed::Work("no admin has this token".to_owned()))?,
        };
        Ok(Self::Local { admin: Box::new(admin), actor })
    }

    pub(super) fn call(&self, call: &Call) -> Result<Value, Failed> {
        match self {
            Self::Local { admin, actor } => {
                admin.handle(actor, call).map(|(_, value)| value).map_err(Failed::work)
            }
            Self::Http { agent, base, token } => over_http(agent, base, token, call),
        }
    }
}

fn over_http(agent: &ureq::Agent, base: &str, token: &str, call: &Call) -> Result<Value, Failed> {
    let mut url =
        url::Url::parse(base).map_err(|_| Failed::Use("--url is not a web address".to_owned()))?;
    if let Ok(mut path) = url.path_segments_mut() {
        path.extend(&call.path);
    }
    if !call.query.is_empty() {
        url.query_pairs_mut().extend_pairs(&call.query);
    }
    let body = if call.body.is_null() { Vec::new() } else { call.body.to_string().into_bytes() };
    let request = ureq::http::Request::builder()
        .method(call.method.as_str())
        .uri(url.as_str())
        .header("authorization", format!("Bearer {token}"))
        .header("content-type", "application/json")
        .body(body)
        .map_err(Failed::work)?;
    let host = url.host_str().unwrap_or_default().to_owned();
    let mut answer = agent
        .run(request)
        .map_err(|error| Failed::Work(format!("{host} can't be reached: {error}")))?;
    let status = answer.status();
    let text = answer.body_mut().with_config().limit(256 * 1024 * 1024).read_to_string();
    let value: Value = serde_json::from_str(&text.map_err(Failed::work)?).unwrap_or_default();
    if status.is_success() {
        return Ok(value);
    }
    let detail = value
        .get("detail")
        .and_then(Value::as_str)
        .map_or_else(|| format!("{host} answered {status}; is it a muster-server?"), str::to_owned);
    Err(Failed::Work(detail))
}
