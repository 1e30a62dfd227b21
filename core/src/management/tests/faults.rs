use crate::management::tests::World;
use crate::management::tests::{at_each_request, says_no_secret};
use crate::management::{RefreshError, refresh, revoke, status};

#[test]
fn a_refresh_survives_a_fault() {
    let mut activated = World::new();
    let grant = activated.activate();
    let count = at_each_request(
        |_| {},
        |world| match world.run(async |flow, server| refresh(flow, server, &grant).await) {
            Ok(_) => Ok(()),
            Err(RefreshError::Server(trouble)) => {
                says_no_secret(&trouble);
                Err(trouble.code().to_owned())
            }
            Err(RefreshError::AskStatus) => panic!("a fault says nothing about the licence"),
        },
        |_| false,
    );
    assert_eq!(count, 1);
}

#[test]
fn a_status_survives_a_fault() {
    let mut activated = World::new();
    let grant = activated.activate();
    let count = at_each_request(
        |_| {},
        |world| {
            let result = world.run(async |flow, server| status(flow, server, &grant).await);
            result.map(|_| ()).map_err(|error| {
                says_no_secret(&error);
                error.code().to_owned()
            })
        },
        |_| false,
    );
    assert_eq!(count, 1);
}

#[test]
fn a_revocation_survives_a_fault() {
    let mut activated = World::new();
    let grant = activated.activate();
    let count = at_each_request(
        |_| {},
        |world| {
            let result = world.run(async |flow, server| revoke(flow, server, &grant).await);
            result.map_err(|trouble| trouble.code().to_owned())
        },
        // The body of a success is of no interest (RFC 7009 §2.2).
        |code| code == "answer_invalid",
    );
    assert_eq!(count, 1);
}
