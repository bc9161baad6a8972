package com.paylink.app.phone

import android.content.Context
import android.net.ConnectivityManager
import android.net.Network

/** Whether the phone has a network, and when it comes and goes. */
interface Networks {
    fun online(): Boolean

    /** From now on, for as long as the process lives. */
    fun watch(changed: (Boolean) -> Unit)
}

class SystemNetworks(context: Context) : Networks {
    private val manager = context.getSystemService(ConnectivityManager::class.java)

    override fun online(): Boolean = manager.activeNetwork != null

    override fun watch(changed: (Boolean) -> Unit) = manager.registerDefaultNetworkCallback(
        object : ConnectivityManager.NetworkCallback() {
            override fun onAvailable(network: Network) = changed(true)

            override fun onLost(network: Network) = changed(false)
        },
    )
}
