// Nothing, unless `cargo xtask test --self-test` wants to see that a mistake in a view is noticed.
#if MUSTER_BREAK
    import SwiftUI

    struct Planted: View {
        var body: some View { Text("a font that there is not").font(.enormous) }
    }
#endif
