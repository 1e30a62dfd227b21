package dev.muster.app

import android.content.res.Resources
import dev.muster.ffi.ComplianceState
import dev.muster.ffi.LicencePhase
import dev.muster.sdk.MusterState

/** How the phone stands, in words. */
internal class Summary private constructor(val headline: String, val state: String, val color: Int, val detail: String) {
    companion object {
        fun of(resources: Resources, state: MusterState): Summary {
            val headline = state.status.organization?.name ?: resources.getString(R.string.app_name)
            if (!state.isReady) {
                val problem = state.problems.joinToString("\n") { it.text + " " + it.next }
                return Summary(headline, resources.getString(R.string.starting), R.color.text, problem)
            }
            val activated = state.status.licence.phase in ACTIVATED
            val words = resources.getString(if (activated) compliance(state.status.compliance) else phase(state.status.licence.phase))
            val color = if (activated) color(state.status.compliance) else R.color.text
            return Summary(headline, words, color, detail(resources, state))
        }

        private fun detail(resources: Resources, state: MusterState): String {
            val count = state.status.contacts.count
            val people = if (count > 0) resources.getQuantityString(R.plurals.people, count.toInt(), count) else null
            val phase = resources.getString(phase(state.status.licence.phase)).takeIf { state.status.licence.phase in ACTIVATED }
            val line = listOfNotNull(phase, people).joinToString(" · ")
            val problems = state.problems.map { it.text + " " + it.next }
            return (listOf(line) + listOfNotNull(state.status.licence.message) + problems).filter { it.isNotBlank() }.joinToString("\n")
        }

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

        private val ACTIVATED = setOf(LicencePhase.NOT_REQUIRED, LicencePhase.ACTIVE, LicencePhase.REAUTHENTICATE)
    }
}
