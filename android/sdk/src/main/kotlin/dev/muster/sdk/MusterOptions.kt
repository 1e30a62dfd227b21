package dev.muster.sdk

import dev.muster.ffi.LogLevel

/** How to open the agent. Everything has a usual value. */
public data class MusterOptions(
    /** 1 to 32 lower-case letters, digits, `-` and `_`. One person's use of one phone is one profile. */
    public val profile: String = "default",
    /** Host of the activation links that open this app; null for Muster's own. */
    public val appLinkHost: String? = null,
    /** OAuth client id that was agreed on with the server; null for the usual one. */
    public val clientId: String? = null,
    /** How much is logged. */
    public val logLevel: LogLevel = LogLevel.WARN,
)

/** What the agent reaches the phone through. Tests bring their own; an app takes [Muster.parts]. */
public class MusterParts(
    /** Time. */
    public val clock: Clock,
    /** Key operations. */
    public val vault: KeyVault,
    /** HTTP. One for each agent: it is closed together with it. */
    public val transport: Transport,
    /** Notifications and the like. */
    public val effects: Effects,
    /** The managed configuration. */
    public val configuration: ConfigurationReader,
)
