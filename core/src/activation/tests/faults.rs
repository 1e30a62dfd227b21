use crate::activation::tests::device;
use crate::activation::{ActivationError, redeem};
use crate::management::tests::{at_each_request, says_no_secret};

fn code_of(error: ActivationError) -> String {
    says_no_secret(&error);
    error.code().to_owned()
}

#[test]
fn an_activation_survives_a_fault_at_each_request() {
    let count = at_each_request(
        |_| {},
        |world| {
            // The same pending activation each time, as after a restart.
            let pending = world.pending();
            let result = world
                .run(async |flow, server| redeem(flow, server, &pending, &device(), &[]).await);
            result.map(|_| ()).map_err(code_of)
        },
        |_| false,
    );
    assert_eq!(count, 2);
}
