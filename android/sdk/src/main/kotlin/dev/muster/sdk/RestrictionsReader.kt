package dev.muster.sdk

import android.annotation.TargetApi
import android.content.Context
import android.content.RestrictionsManager
import android.os.Build
import android.os.Bundle
import dev.muster.ffi.ConfigurationChannel
import dev.muster.ffi.ConfigurationSource
import dev.muster.ffi.ConfigurationTree

/** The managed configuration as the system has it now, whole. It compares and judges nothing. */
public fun interface ConfigurationReader {
    /** What to hand to the agent. */
    public fun read(): ManagedConfiguration
}

/** Reads it from [RestrictionsManager]. */
public class RestrictionsReader(private val context: Context) : ConfigurationReader {
    override fun read(): ManagedConfiguration {
        val manager = context.getSystemService(RestrictionsManager::class.java)
        val perAdmin = if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.UPSIDE_DOWN_CAKE) perAdmin(manager) else emptyList()
        // With one admin the list says nothing more than the usual Bundle.
        return if (perAdmin.size > 1) ofAdmins(perAdmin) else of(manager?.applicationRestrictions)
    }

    // Nothing is said of an admin but its Bundle. The list is absent on a phone without any.
    @TargetApi(Build.VERSION_CODES.UPSIDE_DOWN_CAKE)
    private fun perAdmin(manager: RestrictionsManager?): List<Bundle> = manager?.applicationRestrictionsPerAdmin.orEmpty()

    public companion object {
        /** The event for the one Bundle of a phone; null for none. */
        public fun of(bundle: Bundle?): ManagedConfiguration =
            ManagedConfiguration(listOf(source(ConfigurationChannel.Os, NativeBundles.read(bundle))))

        /** The event for the Bundles of several admins. The stricter value wins, whatever the order. */
        public fun ofAdmins(bundles: List<Bundle>): ManagedConfiguration =
            ManagedConfiguration(NativeBundles.readAll(bundles).map { source(ConfigurationChannel.Admin(""), it) })

        private fun source(channel: ConfigurationChannel, json: String) = ConfigurationSource(channel, ConfigurationTree.Json(json))
    }
}
