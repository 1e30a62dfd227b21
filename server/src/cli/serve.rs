//! The two commands that are about the data file itself: `serve` and `init`.

use std::io::Write as _;
use std::sync::Arc;

use serde_json::json;

use super::args::{Common, Serve};
use super::context::{Done, Failed};
use crate::admin::Admin;
use crate::clock::SystemClock;
use crate::server::{Config, Data, Server};
use crate::storage::sqlite::Sqlite;

pub(super) fn serve(common: &Common, options: Serve) -> Done {
    if common.url.is_some() {
        return Err(Failed::Use("serve works on --data, not on --url".to_owned()));
    }
    if !common.data.is_file() {
        return Err(Failed::Work(format!(
            "there is no data file {}: make one with init",
            common.data.display()
        )));
    }
    // Before listening, so that no signal is lost between the two.
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(Failed::work)?;
    let mut signals = Signals::listen(&runtime).map_err(Failed::work)?;
    let running = Server::start(Config {
        listen: options.listen,
        data: Data::File(common.data.clone()),
        issuer: options.issuer,
        clock: Arc::new(SystemClock),
        page_size: options.page_size,
        behind_proxy: options.behind_proxy,
    })
    .map_err(Failed::work)?;
    let mut out = std::io::stdout();
    let bound = format!("http://{}", running.address());
    let line = if common.json {
        json!({"listening": bound, "issuer": running.url()}).to_string()
    } else {
        format!("listening on {bound}")
    };
    writeln!(out, "{line}").and_then(|()| out.flush()).map_err(Failed::work)?;
    runtime.block_on(signals.wait());
    running.stop();
    Ok(())
}

#[cfg(unix)]
struct Signals(tokio::signal::unix::Signal, tokio::signal::unix::Signal);

#[cfg(unix)]
impl Signals {
    fn listen(runtime: &tokio::runtime::Runtime) -> std::io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        let _guard = runtime.enter();
        Ok(Self(signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?))
    }

    async fn wait(&mut self) {
        tokio::select! {
            _ = self.0.recv() => {}
            _ = self.1.recv() => {}
        }
    }
}

#[cfg(not(unix))]
struct Signals;

#[cfg(not(unix))]
impl Signals {
    fn listen(_: &tokio::runtime::Runtime) -> std::io::Result<Self> {
        Ok(Self)
    }

    async fn wait(&mut self) {
        let _ = tokio::signal::ctrl_c().await;
    }
}

pub(super) fn init(common: &Common, name: &str) -> Done {
    if common.url.is_some() {
        return Err(Failed::Use("init works on --data, not on --url".to_owned()));
    }
    if common.data.exists() {
        return Err(Failed::Work(format!("{} is there already", common.data.display())));
    }
    let storage = Arc::new(Sqlite::open(&common.data).map_err(Failed::work)?);
    let admin = Admin { storage, clock: Arc::new(SystemClock), issuer: None };
    let token = admin.add_admin(name).map_err(Failed::work)?;
    if common.json {
        println!("{}", json!({"data": common.data, "admin": name, "token": token}));
    } else {
        println!("{} is ready. The token of {name}, shown this once:", common.data.display());
        println!("{token}");
    }
    Ok(())
}
