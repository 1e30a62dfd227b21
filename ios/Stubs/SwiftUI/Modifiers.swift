// Hand-written for Linux, and only what our code uses: it proves that types fit, and nothing about
// iOS. Declarations follow Apple's documentation; nothing here does anything.

// MARK: - Looks

public struct Font: Hashable, Sendable {
    public static let title2 = Font()
    public static let headline = Font()
    public static let subheadline = Font()
    public static let body = Font()
    public static let footnote = Font()
}

public protocol ShapeStyle: Sendable {}

public struct Color: ShapeStyle, Hashable {
    public static let primary = Color()
    public static let secondary = Color()
    public static let red = Color()
    public static let orange = Color()
    public static let green = Color()
}

extension Color: View {
    public typealias Body = Never
    public var body: Never { fatalError() }
}

public struct HierarchicalShapeStyle: ShapeStyle {}

extension ShapeStyle where Self == HierarchicalShapeStyle {
    public static var primary: HierarchicalShapeStyle { HierarchicalShapeStyle() }
    public static var secondary: HierarchicalShapeStyle { HierarchicalShapeStyle() }
}

public struct BackgroundStyle: ShapeStyle {}

extension ShapeStyle where Self == BackgroundStyle {
    public static var background: BackgroundStyle { BackgroundStyle() }
}

public protocol Shape: View, Sendable {}

public struct Circle: Shape, Primitive {
    public nonisolated init() {}
}

public struct Rectangle: Shape, Primitive {
    public nonisolated init() {}
}

extension Shape {
    public nonisolated func fill<S: ShapeStyle>(_ content: S) -> some View { EmptyView() }
}

public protocol PrimitiveButtonStyle {}

public struct BorderedButtonStyle: PrimitiveButtonStyle {}

extension PrimitiveButtonStyle where Self == BorderedButtonStyle {
    public static var bordered: BorderedButtonStyle { BorderedButtonStyle() }
}

public struct BorderedProminentButtonStyle: PrimitiveButtonStyle {}

extension PrimitiveButtonStyle where Self == BorderedProminentButtonStyle {
    public static var borderedProminent: BorderedProminentButtonStyle {
        BorderedProminentButtonStyle()
    }
}

public protocol TextSelectability {}

public struct EnabledTextSelectability: TextSelectability {}

extension TextSelectability where Self == EnabledTextSelectability {
    public static var enabled: EnabledTextSelectability { EnabledTextSelectability() }
}

public struct TextInputAutocapitalization: Sendable {
    public static var never: TextInputAutocapitalization { TextInputAutocapitalization() }
}

public struct SearchFieldPlacement: Sendable {
    public static let automatic = SearchFieldPlacement()
}

public struct PresentationDetent: Hashable, Sendable {
    public static let medium = PresentationDetent()
    public static let large = PresentationDetent()
}

public struct NavigationBarItem: Sendable {
    public enum TitleDisplayMode: Sendable {
        case automatic
        case inline
        case large
    }
}

public struct AccessibilityChildBehavior: Hashable, Sendable {
    public static let combine = AccessibilityChildBehavior()
    public static let ignore = AccessibilityChildBehavior()
    public static let contain = AccessibilityChildBehavior()
}

extension View {
    public nonisolated func font(_ font: Font?) -> some View { EmptyView() }
    public nonisolated func foregroundStyle<S: ShapeStyle>(_ style: S) -> some View { EmptyView() }
    public nonisolated func buttonStyle<S: PrimitiveButtonStyle>(_ style: S) -> some View {
        EmptyView()
    }
    public nonisolated func frame(
        minWidth: CGFloat? = nil,
        idealWidth: CGFloat? = nil,
        maxWidth: CGFloat? = nil,
        minHeight: CGFloat? = nil,
        idealHeight: CGFloat? = nil,
        maxHeight: CGFloat? = nil,
        alignment: Alignment = .center
    ) -> some View { EmptyView() }
    public nonisolated func padding() -> some View { EmptyView() }
    public nonisolated func scaledToFit() -> some View { EmptyView() }
    public nonisolated func ignoresSafeArea() -> some View { EmptyView() }
    public nonisolated func clipShape<S: Shape>(_ shape: S) -> some View { EmptyView() }
    public nonisolated func overlay<V: View>(
        alignment: Alignment = .center,
        @ViewBuilder content: () -> V
    ) -> some View { EmptyView() }
    public nonisolated func textSelection<S: TextSelectability>(_ selectability: S) -> some View {
        EmptyView()
    }
    public nonisolated func modifier<T: ViewModifier>(
        _ modifier: T
    ) -> ModifiedContent<Self, T> { ModifiedContent() }
    public nonisolated func disabled(_ disabled: Bool) -> some View { EmptyView() }

    // Fields.
    public nonisolated func textInputAutocapitalization(
        _ autocapitalization: TextInputAutocapitalization?
    ) -> some View { EmptyView() }
    public nonisolated func autocorrectionDisabled(_ disable: Bool = true) -> some View {
        EmptyView()
    }
    public nonisolated func keyboardType(_ type: UIKeyboardType) -> some View { EmptyView() }
    public nonisolated func textContentType(_ textContentType: UITextContentType?) -> some View {
        EmptyView()
    }
    public nonisolated func searchable<S: StringProtocol>(
        text: Binding<String>,
        placement: SearchFieldPlacement = .automatic,
        prompt: S
    ) -> some View { EmptyView() }

    // Places.
    public nonisolated func navigationTitle<S: StringProtocol>(_ title: S) -> some View {
        EmptyView()
    }
    public nonisolated func navigationBarTitleDisplayMode(
        _ displayMode: NavigationBarItem.TitleDisplayMode
    ) -> some View { EmptyView() }
    public nonisolated func toolbar<Content: ToolbarContent>(
        @ToolbarContentBuilder content: () -> Content
    ) -> some View { EmptyView() }
    public nonisolated func sheet<Item: Identifiable, Content: View>(
        item: Binding<Item?>,
        onDismiss: (() -> Void)? = nil,
        @ViewBuilder content: @escaping (Item) -> Content
    ) -> some View { EmptyView() }
    public nonisolated func presentationDetents(
        _ detents: Set<PresentationDetent>
    ) -> some View { EmptyView() }

    // What happens.
    public nonisolated func task(
        priority: TaskPriority = .userInitiated,
        @_inheritActorContext _ action: @escaping @Sendable () async -> Void
    ) -> some View { EmptyView() }
    public nonisolated func refreshable(
        action: @escaping @Sendable () async -> Void
    ) -> some View { EmptyView() }
    public nonisolated func onChange<V: Equatable>(
        of value: V,
        initial: Bool = false,
        _ action: @escaping (_ oldValue: V, _ newValue: V) -> Void
    ) -> some View { EmptyView() }
    public nonisolated func onOpenURL(perform action: @escaping (URL) -> Void) -> some View {
        EmptyView()
    }
    public nonisolated func onContinueUserActivity(
        _ activityType: String,
        perform action: @escaping (NSUserActivity) -> Void
    ) -> some View { EmptyView() }

    // For those who hear the screen.
    public nonisolated func accessibilityLabel<S: StringProtocol>(_ label: S) -> some View {
        EmptyView()
    }
    public nonisolated func accessibilityHint<S: StringProtocol>(_ hint: S) -> some View {
        EmptyView()
    }
    public nonisolated func accessibilityHidden(_ hidden: Bool) -> some View { EmptyView() }
    public nonisolated func accessibilityElement(
        children: AccessibilityChildBehavior = .ignore
    ) -> some View { EmptyView() }
}

/// Foundation's on Apple's systems.
public struct InlinePresentationIntent: OptionSet, Hashable, Sendable {
    public let rawValue: UInt
    public init(rawValue: UInt) { self.rawValue = rawValue }
    public static var stronglyEmphasized: InlinePresentationIntent {
        InlinePresentationIntent(rawValue: 1 << 1)
    }
}

extension AttributedString {
    /// Foundation's on Apple's systems.
    public var inlinePresentationIntent: InlinePresentationIntent? {
        get { nil }
        set {}
    }
}
