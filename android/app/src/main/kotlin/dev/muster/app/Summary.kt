package dev.muster.app

import android.content.Context
import android.text.format.DateUtils
import dev.muster.ffi.ComplianceState
import dev.muster.ffi.LicenceHold
import dev.muster.ffi.LicencePhase
import dev.muster.sdk.MusterState
import java.text.NumberFormat
import java.time.Instant
import java.time.LocalDate
import java.time.ZoneId
import java.time.format.DateTimeParseException

/** How the phone stands, in words. */
internal class Summary private constructor(val headline: String, val state: String, val color: Int, val detail: String) {
    companion object {
        /** `hidden`: contacts can't be read now. */
        fun of(context: Context, state: MusterState, hidden: Boolean): Summary {
            val resources = context.resources
            val headline = state.status.organization?.name ?: resources.getString(R.string.app_name)
            if (!state.isReady) {
                val problem = state.problems.joinToString("\n") { it.text + " " + it.next }
                return Summary(headline, resources.getString(R.string.starting), R.color.text, problem)
            }
            val activated = state.status.licence.phase in ACTIVATED
            val held = if (activated && hidden) held(state) else null
            val words = held?.words ?: if (activated) compliance(state.status.compliance) else phase(state.status.licence.phase)
            val color = held?.color ?: if (activated) color(state.status.compliance) else R.color.text
            return Summary(headline, resources.getString(words), color, detail(context, state, hidden))
        }

        private class Held(val words: Int, val color: Int)

        /** What weighs more than the rules: a phone that was locked is not said to be well. */
        private fun held(state: MusterState): Held? = when {
            LicenceHold.LOST in state.status.licence.holds -> Held(R.string.state_lost, R.color.bad)
            state.status.compliance == ComplianceState.NON_COMPLIANT -> null
            state.status.licence.holds.any { it != LicenceHold.NO_POLICY } -> Held(R.string.state_hidden, R.color.warn)
            else -> null
        }

        private fun detail(context: Context, state: MusterState, hidden: Boolean): String {
            val resources = context.resources
            val count = state.status.contacts.count
            val people = if (count > 0 &&
                !hidden
            ) {
                resources.getQuantityString(R.plurals.people, count.toInt(), number(context, count))
            } else {
                null
            }
            val phase = resources.getString(phase(state.status.licence.phase)).takeIf { state.status.licence.phase in ACTIVATED }
            val lines = mutableListOf(listOfNotNull(phase, people).joinToString(" · "))
            if (hidden) {
                lines += listOf(state.whyHidden.text, state.whyHidden.next).joinToString(" ").trim()
            } else {
                lines += listOfNotNull(arriving(context, state), upToDate(context, state.status.contacts.lastSync))
            }
            // Written by the admin, for whoever holds the phone.
            lines += listOfNotNull(state.status.licence.message)
            lines += state.problems.map { it.text + " " + it.next }
            return lines.filter { it.isNotBlank() }.distinct().joinToString("\n")
        }

        /** Only for the first time: later, nobody waits for it. */
        private fun arriving(context: Context, state: MusterState): String? {
            if (state.status.contacts.lastSync != null || state.received == 0L) return null
            return context.getString(R.string.people_arriving, number(context, state.received))
        }

        private fun upToDate(context: Context, moment: String?): String? {
            val then = try {
                Instant.parse(moment ?: return null).atZone(ZoneId.systemDefault())
            } catch (_: DateTimeParseException) {
                return null
            }
            val isToday = then.toLocalDate() == LocalDate.now()
            val form = DateUtils.FORMAT_SHOW_TIME or if (isToday) 0 else DateUtils.FORMAT_SHOW_DATE or DateUtils.FORMAT_ABBREV_MONTH
            return context.getString(R.string.last_sync, DateUtils.formatDateTime(context, then.toInstant().toEpochMilli(), form))
        }

        private fun number(context: Context, number: Long) =
            NumberFormat.getIntegerInstance(context.resources.configuration.locales[0]).format(number)

        private fun compliance(state: ComplianceState) = when (state) {
            ComplianceState.COMPLIANT -> R.string.state_compliant
            ComplianceState.ATTENTION -> R.string.state_attention
            ComplianceState.UNKNOWN -> R.string.state_unknown
            ComplianceState.NON_COMPLIANT -> R.string.state_non_compliant
        }

        private fun color(state: ComplianceState) = when (state) {
            ComplianceState.COMPLIANT -> R.color.good
            ComplianceState.ATTENTION, ComplianceState.UNKNOWN -> R.color.warn
            ComplianceState.NON_COMPLIANT -> R.color.bad
        }

        private fun phase(phase: LicencePhase) = when (phase) {
            LicencePhase.NOT_REQUIRED -> R.string.phase_not_required
            LicencePhase.UNLICENSED -> R.string.phase_unlicensed
            LicencePhase.ACTIVATING -> R.string.phase_activating
            LicencePhase.ACTIVE -> R.string.phase_active
            LicencePhase.REAUTHENTICATE -> R.string.phase_reauthenticate
            LicencePhase.ERASING -> R.string.phase_erasing
            LicencePhase.ERASED -> R.string.phase_erased
        }

        /** The person can do something about it with a code or a link. */
        fun wantsActivation(phase: LicencePhase) = when (phase) {
            LicencePhase.UNLICENSED, LicencePhase.REAUTHENTICATE, LicencePhase.ERASED -> true
            LicencePhase.NOT_REQUIRED, LicencePhase.ACTIVATING, LicencePhase.ACTIVE, LicencePhase.ERASING -> false
        }

        private val ACTIVATED = setOf(LicencePhase.NOT_REQUIRED, LicencePhase.ACTIVE, LicencePhase.REAUTHENTICATE)
    }
}
