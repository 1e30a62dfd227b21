package dev.muster.sdk

import dev.muster.ffi.LogLevel

/** How to open the agent. Everything has a usual value. */
data class MusterOptions(
    /** 1 to 32 lower-case letters, digits, `-` and `_`. One person's use of one phone is one profile. */
    val profile: String = "default",
    /** Host of the activation links that open this app; null for Muster's own. */
    val appLinkHost: String? = null,
    /** OAuth client id that was agreed on with the server; null for the usual one. */
    val clientId: String? = null,
    /** How much is logged. */
    val logLevel: LogLevel = LogLevel.WARN,
)

/** What the agent reaches the phone through. Tests bring their own; an app takes [MusterParts.of]. */
class MusterParts(
    /** Time. */
    val clock: Clock,
    /** Key operations. */
    val vault: KeyVault,
    /** HTTP. One for each agent: it is closed together with it. */
    val transport: Transport,
    /** Notifications and the like. */
    val effects: Effects,
    /** The managed configuration. */
    val configuration: ConfigurationReader,
)
