package dev.muster.sdk

import android.content.Context
import android.net.ConnectivityManager
import android.net.Network

/** Tells when there is a network (again). */
internal class NetworkWatch(context: Context, private val onUp: () -> Unit) : ConnectivityManager.NetworkCallback() {
    private val manager = context.getSystemService(ConnectivityManager::class.java)

    fun register() {
        manager?.registerDefaultNetworkCallback(this)
    }

    fun unregister() {
        manager?.unregisterNetworkCallback(this)
    }

    override fun onAvailable(network: Network) = onUp()
}
