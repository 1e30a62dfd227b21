//! A Python server as a child process that can't outlive the test.
use std::ffi::OsString;
use std::fs::{self, File};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// How long a server may take until it accepts connections. Half a second is usual; a machine that
/// compiles beside it can take much longer.
const READY_WITHIN: Duration = Duration::from_secs(60);
/// How often another port is tried when somebody else took the free one first.
const PORT_TRIES: usize = 5;

/// Runs a module and leaves with the parent: when the test is killed, its end of the pipe closes.
const SHIM: &str = "\
import os, runpy, sys, threading
def leave_with_parent():
    sys.stdin.buffer.read()
    os._exit(0)
threading.Thread(target=leave_with_parent, daemon=True).start()
sys.argv.pop(0)
runpy.run_module(sys.argv[0], run_name='__main__', alter_sys=True)
";

/// A running server; dropping it stops it by its process id and waits for its end.
pub(super) struct Process {
    child: Child,
    port: u16,
}

impl Process {
    /// Starts Python's `module` with the arguments that `arguments` gives for a free port, and
    /// returns when the port accepts connections. Output goes to `server.log` in `folder`.
    pub(super) fn start(
        module: &str,
        folder: &Path,
        arguments: impl Fn(u16) -> Vec<OsString>,
    ) -> Self {
        let log = folder.join("server.log");
        for _ in 0..PORT_TRIES {
            let port = free_port();
            let output = File::create(&log).expect("the log of the server can be written");
            let child = Command::new(python())
                .args(["-c", SHIM, module])
                .args(arguments(port))
                .stdin(Stdio::piped())
                .stdout(output.try_clone().expect("a second handle of the log"))
                .stderr(output)
                .spawn()
                .expect("Python starts");
            let mut process = Self { child, port };
            if process.becomes_ready() {
                return process;
            }
        }
        panic!("{module} did not start:\n{}", fs::read_to_string(&log).unwrap_or_default());
    }

    pub(super) fn port(&self) -> u16 {
        self.port
    }

    /// False if the process ended instead (its port was taken, for example).
    fn becomes_ready(&mut self) -> bool {
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, self.port));
        let started = Instant::now();
        while started.elapsed() < READY_WITHIN {
            if self.child.try_wait().expect("the child can be asked").is_some() {
                return false;
            }
            if TcpStream::connect_timeout(&address, Duration::from_secs(1)).is_ok() {
                return true;
            }
            // Refused at once: give the server the processor before asking again.
            std::thread::park_timeout(Duration::from_millis(20));
        }
        false
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A port of 127.0.0.1 that nobody listens on at this moment.
pub(super) fn free_port() -> u16 {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port of 127.0.0.1");
    listener.local_addr().expect("a bound socket has an address").port()
}

/// The Python that has the servers: `venv` in the target folder that this program was built into,
/// or what `MUSTER_VENV` names.
pub(super) fn python() -> PathBuf {
    let exe = std::env::current_exe().expect("the path of this program");
    let named = std::env::var_os("MUSTER_VENV").map(PathBuf::from);
    let beside = exe.ancestors().skip(1).map(|folder| folder.join("venv"));
    named.into_iter().chain(beside).map(|venv| venv.join("bin/python")).find(|p| p.exists()).expect(
        "the CardDAV servers are not installed: run `cargo xtask test` once, it makes the virtual \
         environment target/venv with Radicale and Xandikos",
    )
}
