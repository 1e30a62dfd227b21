package dev.muster.sdk

import android.content.Context
import android.os.Build
import android.os.Handler
import android.os.Looper
import android.os.UserManager
import dev.muster.ffi.DeviceInfo
import dev.muster.ffi.Event
import dev.muster.ffi.Evidence
import dev.muster.ffi.LinkVerdict
import dev.muster.ffi.MusterAgent
import dev.muster.ffi.MusterDirectory
import dev.muster.ffi.MusterException
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
class Muster private constructor(
    private val context: Context,
    private val agent: MusterAgent,
    options: MusterOptions,
    private val parts: MusterParts,
) :
    AutoCloseable {
        /** Which profile this is. */
        val profile: String = options.profile

        /** The people on the phone: search, contact, photo, caller. Never blocked by a sync. */
        val directory: MusterDirectory = agent.directory()

        /** The agent as it was a moment ago. */
        @Volatile
        var state: MusterState = MusterState.of(agent)
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
        fun addListener(listener: MusterListener) {
            listeners += listener
            main.post { if (listener in listeners) listener.onState(state) }
        }

        /** Calls `listener` no more. */
        fun removeListener(listener: MusterListener) {
            listeners -= listener
        }

        /** Something happened. What a screen or a push message calls; most of it is done by itself. */
        fun handle(event: Event) = loop.post { it.handle(event, parts.clock.now()) }

        /** The app is on the screen: call it in `Activity.onStart`. */
        fun onForeground() {
            readConfiguration()
            readSignals()
            handle(Event.Foregrounded)
        }

        /** The person asks for everything to be brought up to date. */
        fun checkNow() = handle(Event.CheckNow)

        /** The person typed evidence, or wants to sign in. `serverUrl` only where no configuration names it. */
        fun activate(evidence: Evidence, serverUrl: String? = null) = handle(Event.Activate(serverUrl, evidence))

        /** What an activation link says, for the person to confirm. Nothing is sent. */
        fun previewLink(url: String): LinkVerdict = agent.previewLink(url)

        /** The person confirmed an activation link. */
        fun acceptLink(url: String) = handle(Event.LinkAccepted(url))

        /** The person signs out: everything of the company is erased from the phone. */
        fun signOut() = handle(Event.SignOut)

        /** Every report that was sent, word for word, as JSON. */
        fun reportsJson(): String = agent.reportsJson()

        /** Closes the agent, so that it can be opened anew. Everything after it answers `Closed`. */
        override fun close() {
            if (!running.remove(profile, this)) return
            context.unregisterReceiver(restrictions)
            network.unregister()
            loop.stop()
            jobs.cancel()
            agent.shutDown()
        }

        /** Does `work` with the agent itself, on its thread. For tests. */
        internal fun withAgent(work: (MusterAgent) -> Unit) = loop.post(work)

        /**
         * Calls `listener` on the agent's thread whenever there is nothing more to be done for now:
         * with all that was handed over before this.
         */
        internal fun addQuietListener(listener: () -> Unit) = loop.post { quiet += listener }

        internal fun removeQuietListener(listener: () -> Unit) = loop.post { quiet -= listener }

        /** Hands over the configuration as the system has it now. The agent finds out what is new. */
        private fun readConfiguration() = loop.post { it.handle(parts.configuration.read(), parts.clock.now()) }

        private fun readSignals() = loop.post { it.handle(Event.Signals(signals.collect()), parts.clock.now()) }

        private fun publish(next: MusterState) {
            if (next == state) return
            state = next
            main.post { listeners.forEach { it.onState(next) } }
        }

        private inner class Watcher : AgentLoop.Watcher {
            override fun onChanged() = publish(MusterState.of(agent))

            override fun onQuiet(untilMs: Long?) {
                jobs.schedule(untilMs?.let { it - parts.clock.now().elapsedMs })
                quiet.forEach { it() }
            }

            override fun onEnded(error: MusterException) = publish(state.copy(ended = error))
        }

        companion object {
            private val running = ConcurrentHashMap<String, Muster>()

            /** The open agent of `profile` in this process, if there is one. */
            fun running(profile: String = "default"): Muster? = running[profile]

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
            fun open(context: Context, options: MusterOptions = MusterOptions(), parts: MusterParts = parts(context)): Muster {
                val app = context.applicationContext
                check(isUnlocked(app)) { "not before the first unlock after a boot" }
                val muster = Muster(app, MusterAgent.open(openOptions(app, options), parts.clock.now()), options, parts)
                running[options.profile] = muster
                muster.start()
                return muster
            }

            /** The phone's own clock, keys, network, notifications and configuration. */
            @JvmStatic
            fun parts(context: Context): MusterParts {
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

            private fun openOptions(context: Context, options: MusterOptions) = OpenOptions(
                // Neither backed up nor transferred to another phone, whatever the app's manifest says.
                root = context.noBackupFilesDir.resolve("muster").path,
                platform = Platform.ANDROID,
                language = context.resources.configuration.locales[0].toLanguageTag(),
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
