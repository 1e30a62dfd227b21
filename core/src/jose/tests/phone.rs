//! A phone to run flows on: a vault with a fixed key, and a server that is a closure.
use std::future::Future;

use serde_json::Value;

use super::signer::SoftwareKey;
use crate::flow::shell::{Flows, Shell as _, run_alone};
use crate::flow::simulation::{Broken, Simulation, Vault};
use crate::flow::{Flow, Mailbox};
use crate::http::{Answer, Failure, Head, Request};
use crate::ids::ProfileId;
use crate::jose::{DeviceKey, decode_base64url};
use crate::time::{BootId, ElapsedMs, Now, WallMs};
use crate::vault::{
    Alias, Purpose, SecurityLevel, SignatureForm, VaultAnswer, VaultFailure, VaultOp, VaultOutcome,
};

/// The key of RFC 7515 appendix A.3.
const D: &str = "jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI";
const X: &str = "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU";
const Y: &str = "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0";

/// What a scripted server gives back.
#[derive(Clone, Debug)]
pub(crate) enum Reply {
    Answer(Head, Vec<u8>),
    Fail(Failure),
    /// The head and a part of the body, then the connection breaks.
    Cut(Head, Vec<u8>),
}

impl Reply {
    pub(crate) fn new(status: u16, content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        let headers = vec![("content-type".to_owned(), content_type.to_owned())];
        Self::Answer(Head { status, headers }, body.into())
    }

    pub(crate) fn json(status: u16, body: &Value) -> Self {
        Self::new(status, "application/json", body.to_string())
    }

    pub(crate) fn with(mut self, name: &str, value: &str) -> Self {
        if let Self::Answer(head, _) = &mut self {
            head.headers.push((name.to_owned(), value.to_owned()));
        }
        self
    }
}

impl From<Reply> for Result<Answer, Broken> {
    fn from(reply: Reply) -> Self {
        match reply {
            Reply::Answer(head, body) => Ok(Answer { head, body }),
            Reply::Fail(failure) => Err(failure.into()),
            Reply::Cut(head, body) => {
                Err(Broken { so_far: Some(Answer { head, body }), failure: Failure::Cut })
            }
        }
    }
}

/// A vault with one signing key.
pub(crate) struct TestVault {
    pub(crate) form: SignatureForm,
    pub(crate) failure: Option<VaultFailure>,
    /// Answers signing with this instead.
    pub(crate) signature: Option<VaultAnswer>,
}

pub(crate) fn point() -> Vec<u8> {
    let mut point = vec![4];
    point.extend(decode_base64url(X).unwrap());
    point.extend(decode_base64url(Y).unwrap());
    point
}

impl Vault for TestVault {
    fn run(&mut self, op: &VaultOp) -> VaultOutcome {
        if let Some(failure) = self.failure {
            return Err(failure);
        }
        Ok(match op {
            VaultOp::Create { .. } => {
                VaultAnswer::Created { security: SecurityLevel::Software, attestation: Vec::new() }
            }
            VaultOp::PublicKey { .. } => VaultAnswer::PublicKey { point: point() },
            VaultOp::Sign { message, .. } => match &self.signature {
                Some(answer) => answer.clone(),
                None => {
                    let key = SoftwareKey::of(&decode_base64url(D).unwrap(), &point());
                    VaultAnswer::Signature { form: self.form, bytes: key.sign(self.form, message) }
                }
            },
            _ => return Err(VaultFailure::Unsupported),
        })
    }
}

/// 2023-11-14T22:13:20Z.
pub(crate) const START: WallMs = WallMs(1_700_000_000_000);

pub(crate) struct Phone {
    flows: Flows,
    pub(crate) flow: Flow,
    pub(crate) vault: TestVault,
    pub(crate) now: Now,
    /// Milliseconds that each request takes.
    pub(crate) latency_ms: i64,
}

impl Phone {
    pub(crate) fn new() -> Self {
        let mut counter = 0_u8;
        let random = move |out: &mut [u8]| {
            for byte in out {
                counter = counter.wrapping_add(1);
                *byte = counter;
            }
        };
        let now = Now { wall: START, elapsed: ElapsedMs(5_000_000), boot: BootId(1) };
        let flows = Flows::over(Mailbox::new(Box::new(random), now));
        let flow = flows.flow();
        let vault = TestVault { form: SignatureForm::Der, failure: None, signature: None };
        Self { flows, flow, vault, now, latency_ms: 0 }
    }

    pub(crate) fn pass(&mut self, ms: i64) {
        self.now.wall = self.now.wall.plus_ms(ms);
        self.now.elapsed = self.now.elapsed.plus_ms(ms);
        self.flows.begin_call(self.now);
    }

    /// Runs `work` to its end against `server`.
    pub(crate) fn run<T>(
        &mut self,
        work: impl Future<Output = T>,
        mut server: impl FnMut(&Request) -> Reply,
    ) -> T {
        let net = |request: &Request| server(request).into();
        let mut shell = Simulation::new(net, &mut self.vault, self.now.wall.0);
        shell.elapsed_ms = self.now.elapsed.0;
        shell.plan.latency_ms = self.latency_ms;
        shell.plan.piece = 1_000;
        shell.plan.effect = Box::new(|_, effect| panic!("no effects here: {effect:?}"));
        let result = run_alone(&self.flows, work, &mut shell);
        self.now = shell.now();
        result.expect("the flow waits for nothing")
    }

    /// Runs work that sends nothing.
    pub(crate) fn run_offline<T>(&mut self, work: impl Future<Output = T>) -> T {
        self.run(work, |request| panic!("a request: {request:?}"))
    }
}

pub(crate) fn alias() -> Alias {
    Alias { profile: ProfileId::default(), purpose: Purpose::Device, number: 1 }
}

pub(crate) fn device_key() -> DeviceKey {
    DeviceKey::new(alias(), &point()).unwrap()
}
