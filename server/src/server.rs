//! Starting and stopping.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::sync::oneshot;

use crate::admin::{Admin, META_ISSUER};
use crate::app::{App, Issuer};
use crate::clock::{Clock, SystemClock};
use crate::crypto::NoRandom;
use crate::crypto::dpop::Guard;
use crate::crypto::password::Checker;
use crate::http::{Shared, router};
use crate::limit::Limiter;
use crate::storage::sqlite::Sqlite;
use crate::storage::{Storage, StoreError, Tx};

/// Cards in one page of the address book, unless set otherwise.
const PAGE_SIZE: usize = 5_000;
/// How long a stop waits for answers under way.
const PATIENCE: Duration = Duration::from_secs(10);
/// How often the past is tidied away.
const TIDY: Duration = Duration::from_secs(3_600);
/// Days that traces of deleted cards are kept; a phone away for longer lists the book anew.
const DELETIONS_DAYS: i64 = 90;
/// Days that events are kept, and with them the memory of their `jti`.
const EVENTS_DAYS: i64 = 180;
/// Days that dead codes and tokens are kept.
const GRANTS_DAYS: i64 = 7;

/// Where the data is.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub enum Data {
    /// In memory, gone with the server.
    #[default]
    Memory,
    /// In a SQLite file, made if it is not there.
    File(PathBuf),
}

/// How a server is run. The default is what a test wants: memory, a free port on loopback.
#[derive(Clone)]
pub struct Config {
    /// Address to listen on; port 0 picks a free one.
    pub listen: String,
    /// Where the data is.
    pub data: Data,
    /// The server's address as phones know it; left out, `http://` and the address listened on.
    pub issuer: Option<String>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Cards in one page of the address book.
    pub page_size: usize,
    /// Whether the source address stands in `X-Forwarded-For`, put there by a proxy of ours.
    pub behind_proxy: bool,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            listen: "127.0.0.1:0".to_owned(),
            data: Data::Memory,
            issuer: None,
            clock: Arc::new(SystemClock),
            page_size: PAGE_SIZE,
            behind_proxy: false,
        }
    }
}

/// Why a server did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The address can't be listened on.
    #[error("can't listen on {0}: {1}")]
    Listen(String, std::io::Error),
    /// The issuer is no http or https address.
    #[error("the issuer {0} is not a web address without query and fragment")]
    Issuer(String),
    /// The data can't be opened.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// No random bytes.
    #[error(transparent)]
    Random(#[from] NoRandom),
    /// No thread or event loop.
    #[error("the server's threads can't be started: {0}")]
    Threads(std::io::Error),
}

/// The server.
#[derive(Clone, Copy, Debug)]
pub struct Server;

impl Server {
    /// Starts a server on threads of its own. It listens when this returns.
    ///
    /// # Errors
    /// When the address, the issuer or the data can't be used.
    pub fn start(config: Config) -> Result<Running, StartError> {
        let storage: Arc<dyn Storage> = match &config.data {
            Data::Memory => Arc::new(Sqlite::in_memory()?),
            Data::File(path) => Arc::new(Sqlite::open(path)?),
        };
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .enable_all()
            .thread_name("muster-server")
            .build()
            .map_err(StartError::Threads)?;
        let listen = |error| StartError::Listen(config.listen.clone(), error);
        let listener = runtime.block_on(TcpListener::bind(&config.listen)).map_err(listen)?;
        let address = listener.local_addr().map_err(listen)?;
        let issuer = config.issuer.unwrap_or_else(|| format!("http://{address}"));
        let issuer = Issuer::parse(&issuer).ok_or(StartError::Issuer(issuer))?;
        storage.write(|tx| tx.set_meta(META_ISSUER, &issuer.url))?;
        let app = App {
            storage: Arc::clone(&storage),
            clock: Arc::clone(&config.clock),
            issuer: issuer.clone(),
            guard: Guard::new()?,
            passwords: Checker::new()?,
            limiter: Limiter::default(),
            page_size: config.page_size.max(1),
            behind_proxy: config.behind_proxy,
        };
        let admin = |issuer: &Issuer| Admin {
            storage: Arc::clone(&storage),
            clock: Arc::clone(&config.clock),
            issuer: Some(issuer.clone()),
        };
        let shared = Arc::new(Shared { app, admin: admin(&issuer) });
        let (stop, stopped) = oneshot::channel();
        let thread = std::thread::Builder::new()
            .name("muster-server".to_owned())
            .spawn(move || run(runtime, listener, shared, stopped))
            .map_err(StartError::Threads)?;
        Ok(Running {
            address,
            admin: admin(&issuer),
            issuer,
            stop: Some(stop),
            thread: Some(thread),
        })
    }
}

fn run(
    runtime: tokio::runtime::Runtime,
    listener: TcpListener,
    shared: Arc<Shared>,
    stopped: oneshot::Receiver<()>,
) {
    runtime.block_on(async {
        tokio::spawn(tidy(Arc::clone(&shared)));
        let service = router(shared).into_make_service_with_connect_info::<SocketAddr>();
        let (begun, stopping) = oneshot::channel();
        let serve = axum::serve(listener, service).with_graceful_shutdown(async move {
            // A dropped sender is a stop too.
            let _ = stopped.await;
            let _ = begun.send(());
        });
        let give_up = async move {
            let _ = stopping.await;
            tokio::time::sleep(PATIENCE).await;
        };
        tokio::select! {
            result = serve => {
                if let Err(error) = result {
                    eprintln!("muster-server: {error}");
                }
            }
            () = give_up => {}
        }
    });
    runtime.shutdown_timeout(PATIENCE);
}

/// Tidies the past away, now and every hour.
async fn tidy(shared: Arc<Shared>) {
    loop {
        let app = Arc::clone(&shared);
        let tidied = tokio::task::spawn_blocking(move || {
            let now = app.app.now();
            app.app.storage.write(|tx: &dyn Tx| -> Result<(), StoreError> {
                tx.forget_deletions(now.plus(-DELETIONS_DAYS * 86_400))?;
                tx.forget_events(now.plus(-EVENTS_DAYS * 86_400))?;
                tx.forget_grants(now.plus(-GRANTS_DAYS * 86_400))
            })
        });
        if let Ok(Err(error)) = tidied.await {
            eprintln!("muster-server: {error}");
        }
        tokio::time::sleep(TIDY).await;
    }
}

/// A server that runs. Dropping it stops it.
pub struct Running {
    address: SocketAddr,
    issuer: Issuer,
    admin: Admin,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Running {
    /// The issuer: what a phone is configured with as `server_url`.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.issuer.url
    }

    /// The address listened on.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The admin API without HTTP.
    #[must_use]
    pub fn admin(&self) -> &Admin {
        &self.admin
    }

    /// Stops: no new connections, answers under way are finished, then the threads end.
    pub fn stop(mut self) {
        self.end();
    }

    fn end(&mut self) {
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.end();
    }
}
