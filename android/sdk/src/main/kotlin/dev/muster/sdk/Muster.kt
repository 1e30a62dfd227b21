package dev.muster.sdk

import android.content.Context
import android.os.Build
import android.os.Handler
import android.os.Looper
import android.os.UserManager
import dev.muster.ffi.DeviceInfo
import dev.muster.ffi.Event
import dev.muster.ffi.MusterAgent
import dev.muster.ffi.MusterAgentInterface
import dev.muster.ffi.OpenOptions
import dev.muster.ffi.Platform
import java.util.concurrent.ConcurrentHashMap
import java.util.concurrent.CopyOnWriteArraySet

/**
 * The workplace agent in an app.
 *
 * Open it once, in `Application.onCreate`, and leave it open: it reads the managed configuration,
 * activates itself, keeps the company's people on the phone and tells whether the phone meets the
 * company's rules. All methods may be called from any thread and none waits for the network.
 */
public class Muster private constructor(
    private val context: Context,
    private val agent: MusterAgentInterface,
    options: MusterOptions,
    private val parts: MusterParts,
) : AutoCloseable {
    /** Which profile this is. */
    public val profile: String = options.profile

    /** The people on the phone: search, contact, photo, caller. Never blocked by a sync. */
    public val directory: MusterDirectory = agent.directory()

    /** The agent as it was a moment ago. */
    @Volatile
    public var state: MusterState = States.starting(languageOf(context))
        private set

    private val listeners = CopyOnWriteArraySet<MusterListener>()
    private val main = Handler(Looper.getMainLooper())
    private val signals = SignalCollector(context)
    private val restrictions = RestrictionsReceiver(::readConfiguration) { handle(Event.Unlocked) }
    private val network = NetworkWatch(context) { handle(Event.NetworkUp) }
    private val jobs = SyncJobs(context, options.profile)
    private val quiet = CopyOnWriteArraySet<() -> Unit>()
    private val loop = AgentLoop(agent, parts, Watcher())

    private fun start() {
        restrictions.register(context)
        network.register()
        readConfiguration()
        readSignals()
        loop.start()
    }

    /** Calls `listener` with the state now and whenever it has changed, on the main thread. */
    public fun addListener(listener: MusterListener) {
        listeners += listener
        main.post { if (listener in listeners) listener.onState(state) }
    }

    /** Calls `listener` no more. */
    public fun removeListener(listener: MusterListener) {
        listeners -= listener
    }

    /** The app is on the screen: call it in `Activity.onStart`. */
    public fun onForeground() {
        readConfiguration()
        readSignals()
        handle(Event.Foregrounded)
    }

    /** A push message says that there is news at the server. */
    public fun onPush(): Unit = handle(Event.Wake)

    /** The person asks for everything to be brought up to date. */
    public fun checkNow(): Unit = handle(Event.CheckNow)

    /** The person typed evidence, or wants to sign in. `serverUrl` only where no configuration names it. */
    public fun activate(evidence: Evidence, serverUrl: String? = null): Unit = handle(Event.Activate(serverUrl, evidence))

    /** What an activation link says, for the person to confirm. Nothing is sent. */
    public fun previewLink(url: String): LinkVerdict = agent.previewLink(url)

    /** The person confirmed an activation link. */
    public fun acceptLink(url: String): Unit = handle(Event.LinkAccepted(url))

    /** The person signs out: everything of the company is erased from the phone. */
    public fun signOut(): Unit = handle(Event.SignOut)

    /** Every setting with its value, its state and where it comes from, as JSON. Secrets are not shown. */
    public fun configJson(): String = agent.configJson()

    /** Every report that was sent, word for word, as JSON. */
    public fun reportsJson(): String = agent.reportsJson()

    /** Closes the agent, so that it can be opened anew. Everything after it answers `Closed`. */
    override fun close() {
        if (!running.remove(profile, this)) return
        context.unregisterReceiver(restrictions)
        network.unregister()
        loop.stop()
        jobs.cancel()
        agent.shutDown()
    }

    /** Something happened. */
    internal fun handle(event: Event) = loop.post { it.handle(event, parts.clock.now()) }

    /** Does `work` with the agent itself, on its thread. For tests. */
    internal fun withAgent(work: (MusterAgentInterface) -> Unit) = loop.post(work)

    /**
     * Calls `listener` on the agent's thread whenever there is nothing more to be done for now:
     * with all that was handed over before this.
     */
    internal fun addQuietListener(listener: () -> Unit) = loop.between { quiet += listener }

    internal fun removeQuietListener(listener: () -> Unit) = loop.between { quiet -= listener }

    /** Hands over the configuration as the system has it now. The agent finds out what is new. */
    private fun readConfiguration() = loop.post { it.handle(parts.configuration.read(), parts.clock.now()) }

    private fun readSignals() = loop.post { it.handle(Event.Signals(signals.collect()), parts.clock.now()) }

    private fun publish(next: MusterState) {
        if (next == state) return
        state = next
        main.post { listeners.forEach { it.onState(next) } }
    }

    private inner class Watcher : AgentLoop.Watcher {
        override fun onChanged() = publish(agent.state())

        override fun onQuiet(untilMs: Long?) {
            jobs.schedule(untilMs, parts.clock.now().elapsedMs)
            quiet.forEach { it() }
        }

        override fun onEnded(error: MusterException) {
            val ended = States.broken(state.language)
            // Whoever closed it knows: a listener is not told of an error.
            if (error is ClosedException) state = ended else publish(ended)
        }
    }

    public companion object {
        private val running = ConcurrentHashMap<String, Muster>()

        /** The open agent of `profile` in this process, if there is one. */
        public fun running(profile: String = "default"): Muster? = running[profile]

        /**
         * Opens the agent. Not before the first unlock after a boot: components that are not
         * `directBootAware` never run before that.
         *
         * Throws [MusterException]: `InUse` if it is open already, `Full` or `Store` if its folder
         * can't be used, `InvalidInput` for a bad profile name.
         */
        @JvmStatic
        @JvmOverloads
        @Throws(MusterException::class)
        public fun open(context: Context, options: MusterOptions = MusterOptions(), parts: MusterParts = parts(context)): Muster =
            open(context, options, parts) { agentOptions, now -> MusterAgent.open(agentOptions, now) }

        /** With the agent that `openAgent` opens: tests look at what is asked of it. */
        internal fun open(
            context: Context,
            options: MusterOptions,
            parts: MusterParts,
            openAgent: (OpenOptions, Now) -> MusterAgentInterface,
        ): Muster {
            val app = context.applicationContext
            check(isUnlocked(app)) { "not before the first unlock after a boot" }
            val muster = Muster(app, openAgent(openOptions(app, options), parts.clock.now()), options, parts)
            running[options.profile] = muster
            muster.start()
            return muster
        }

        /** The phone's own clock, keys, network, notifications and configuration. */
        @JvmStatic
        public fun parts(context: Context): MusterParts {
            val app = context.applicationContext
            return MusterParts(
                clock = PhoneClock(app),
                vault = KeystoreVault { isUnlocked(app) },
                transport = OkHttpTransport(),
                effects = PhoneEffects(app),
                configuration = RestrictionsReader(app),
            )
        }

        private fun isUnlocked(context: Context) = context.getSystemService(UserManager::class.java)?.isUserUnlocked != false

        private fun languageOf(context: Context) = context.resources.configuration.locales[0].toLanguageTag()

        private fun openOptions(context: Context, options: MusterOptions) = OpenOptions(
            // Neither backed up nor transferred to another phone, whatever the app's manifest says.
            root = context.noBackupFilesDir.resolve("muster").path,
            platform = Platform.ANDROID,
            language = languageOf(context),
            device = DeviceInfo(
                model = listOf(Build.MANUFACTURER, Build.MODEL).joinToString(" "),
                osVersion = Build.VERSION.RELEASE,
                appVersion = context.packageManager.getPackageInfo(context.packageName, 0).versionName.orEmpty(),
            ),
            profile = options.profile,
            appLinkHost = options.appLinkHost,
            clientId = options.clientId,
            logLevel = options.logLevel,
        )
    }
}
