package dev.muster.sdk

import android.annotation.TargetApi
import android.content.Context
import android.content.RestrictionsManager
import android.os.Build
import android.os.Bundle
import dev.muster.ffi.ConfigurationChannel
import dev.muster.ffi.ConfigurationSource
import dev.muster.ffi.ConfigurationTree
import dev.muster.ffi.Event

/** The managed configuration as the system has it now, whole. It compares and judges nothing. */
fun interface ConfigurationReader {
    /** What to hand to the agent. */
    fun read(): Event.Configuration
}

/** Reads it from [RestrictionsManager]. */
class RestrictionsReader(private val context: Context) : ConfigurationReader {
    override fun read(): Event.Configuration {
        val manager = context.getSystemService(RestrictionsManager::class.java)
        val perAdmin = if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.UPSIDE_DOWN_CAKE) perAdmin(manager) else emptyList()
        // With one admin the list says nothing more than the usual Bundle.
        return if (perAdmin.size > 1) ofAdmins(perAdmin) else of(manager?.applicationRestrictions)
    }

    // Nothing is said of an admin but its Bundle. The list is absent on a phone without any.
    @TargetApi(Build.VERSION_CODES.UPSIDE_DOWN_CAKE)
    private fun perAdmin(manager: RestrictionsManager?): List<Bundle> = manager?.applicationRestrictionsPerAdmin.orEmpty()

    companion object {
        /** The event for the one Bundle of a phone; null for none. */
        fun of(bundle: Bundle?): Event.Configuration =
            Event.Configuration(listOf(source(ConfigurationChannel.Os, NativeBundles.read(bundle))))

        /** The event for the Bundles of several admins. The stricter value wins, whatever the order. */
        fun ofAdmins(bundles: List<Bundle>): Event.Configuration =
            Event.Configuration(NativeBundles.readAll(bundles).map { source(ConfigurationChannel.Admin(""), it) })

        private fun source(channel: ConfigurationChannel, json: String) = ConfigurationSource(channel, ConfigurationTree.Json(json))
    }
}
