//! Signs the address books' requests with the access token and a proof of the device key.
use std::future::Future;
use std::pin::Pin;

use super::super::control::Session;
use super::super::ctx::Ctx;
use crate::contacts::sync::{AuthError, Authorizer, Retry};
use crate::flow::Flow;
use crate::http::{Failure, Head, Method, Request, check_url, origin_of};
use crate::jose::{Prover, wants_nonce};

/// Header fields for the management server's own address books.
pub(super) struct DpopAuthorizer {
    ctx: Ctx,
}

impl DpopAuthorizer {
    pub(super) fn new(ctx: Ctx) -> Self {
        Self { ctx }
    }

    /// Waits for the control lane to get a token, so that two lanes never refresh at once: a server
    /// that rotates refresh tokens would take the second for a theft.
    async fn wait_for_token(&self) -> Result<(), AuthError> {
        let ctx = &self.ctx;
        for asked in 0.. {
            {
                let now = ctx.flow.now();
                let mut state = ctx.state();
                let activated = state.phase().is_activated();
                let Some(grant) = state.grant().filter(|_| activated) else {
                    return Err(AuthError::Refused);
                };
                if grant.access.is_fresh(now) {
                    return Ok(());
                }
                if asked > 0 && !state.run.token_wanted {
                    return Err(if state.run.refresh_refused {
                        AuthError::Refused
                    } else if state.run.server_out_of_reach {
                        AuthError::Unreachable(Failure::Other)
                    } else {
                        // Our own window closed, which says nothing about the login.
                        AuthError::Unreachable(Failure::Cancelled)
                    });
                }
                state.run.token_wanted = true;
            }
            if asked == 0 {
                ctx.flow.signal();
            }
            let seen = ctx.flow.signals_seen();
            ctx.flow.next_signal(seen, None).await;
        }
        Err(AuthError::Refused)
    }

    async fn fields(
        &self,
        flow: &Flow,
        method: Method,
        url: &str,
    ) -> Result<Vec<(String, String)>, AuthError> {
        self.wait_for_token().await?;
        let session = match Session::open_or_note(&self.ctx).await {
            Some(session) => session,
            None => return Err(AuthError::KeyUnavailable),
        };
        let origin = check_url(url).map(|url| origin_of(&url)).map_err(|_| AuthError::Refused)?;
        if !session.metadata.names_origin(&origin) {
            return Err(AuthError::Refused);
        }
        let server = session.server();
        let prover = Prover {
            key: server.key,
            memory: server.memory,
            access_token: Some(&session.grant.access.token),
        };
        let proven = prover.prove(flow, &Request::new(method, url)).await;
        let (_, request) = proven.map_err(|_| AuthError::KeyUnavailable)?;
        Ok(request.headers)
    }
}

impl Authorizer for DpopAuthorizer {
    fn headers<'a>(
        &'a self,
        flow: &'a Flow,
        method: Method,
        url: &'a str,
    ) -> Pin<Box<dyn Future<Output = Result<Vec<(String, String)>, AuthError>> + Send + 'a>> {
        Box::pin(self.fields(flow, method, url))
    }

    fn on_answer(&self, url: &str, head: &Head) -> Retry {
        let Ok(url) = check_url(url) else { return Retry::No };
        let memory = self.ctx.state().server_memory.clone();
        memory.learn(&origin_of(&url), head, self.ctx.flow.now().wall);
        if wants_nonce(head, None) { Retry::Again } else { Retry::No }
    }
}
