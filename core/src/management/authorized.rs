//! Requests with the access token, which goes only where the server's own metadata sends it.
use super::{Server, ServerTrouble};
use crate::flow::{Flow, Opened};
use crate::http::{Answer, Request, check_url, origin_of};
use crate::jose::Prover;
use crate::secret::Secret;

/// Sends requests with `Authorization: DPoP` and a proof bound to the token (RFC 9449 §7.1).
#[derive(Clone, Copy, Debug)]
pub struct Authorized<'a> {
    server: Server<'a>,
    token: &'a Secret<String>,
}

impl<'a> Authorized<'a> {
    pub(super) fn new(server: Server<'a>, token: &'a Secret<String>) -> Self {
        Self { server, token }
    }

    /// Sends `request` and waits for the whole answer, at most `limit` bytes. The status is the
    /// caller's to look at.
    pub async fn fetch(
        &self,
        flow: &Flow,
        request: Request,
        limit: usize,
    ) -> Result<Answer, ServerTrouble> {
        Ok(self.prover(&request)?.fetch(flow, request, limit).await?)
    }

    /// Sends `request` and hands the body over piece by piece.
    pub async fn open(&self, flow: &Flow, request: Request) -> Result<Opened, ServerTrouble> {
        Ok(self.prover(&request)?.open(flow, request).await?)
    }

    fn prover(&self, request: &Request) -> Result<Prover<'a>, ServerTrouble> {
        let url = check_url(&request.url).map_err(|_| ServerTrouble::InsecureUrl)?;
        if !self.server.metadata.names_origin(&origin_of(&url)) {
            return Err(ServerTrouble::ForeignOrigin);
        }
        Ok(Prover { access_token: Some(self.token), ..self.server.prover() })
    }
}
