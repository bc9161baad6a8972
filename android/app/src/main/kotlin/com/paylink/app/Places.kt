package com.paylink.app

import androidx.annotation.DrawableRes
import androidx.annotation.StringRes
import androidx.compose.runtime.Stable
import androidx.compose.runtime.mutableStateListOf
import androidx.compose.runtime.saveable.Saver

/** Where a seller can be. Written as text, so that the system keeps it for a process that dies. */
sealed interface Place {
    data object Sell : Place
    data object Links : Place
    data object Day : Place
    data object Settings : Place

    /** Signing in again; the first start is no place, because nothing else is there yet. */
    data object SignIn : Place

    data class Link(val id: String) : Place

    /** [fresh]: straight after Send, when what is sent from the phone opens by itself. */
    data class Sent(val id: String, val fresh: Boolean) : Place
    data class Qr(val id: String) : Place

    fun text(): String = when (this) {
        Sell -> "sell"
        Links -> "links"
        Day -> "day"
        Settings -> "settings"
        SignIn -> "sign_in"
        is Link -> "link $id"
        is Sent -> if (fresh) "fresh $id" else "sent $id"
        is Qr -> "qr $id"
    }

    companion object {
        fun of(text: String): Place {
            val id = text.substringAfter(' ')
            return when (text.substringBefore(' ')) {
                "links" -> Links
                "day" -> Day
                "settings" -> Settings
                "sign_in" -> SignIn
                "link" -> Link(id)
                "fresh" -> Sent(id, true)
                "sent" -> Sent(id, false)
                "qr" -> Qr(id)
                else -> Sell
            }
        }
    }
}

/** The three at the bottom. */
enum class Tab(val place: Place, @StringRes val words: Int, @DrawableRes val icon: Int, @DrawableRes val chosen: Int) {
    Sell(Place.Sell, R.string.sell, R.drawable.ic_sell, R.drawable.ic_sell_fill),
    Links(Place.Links, R.string.links, R.drawable.ic_link, R.drawable.ic_link),
    Day(Place.Day, R.string.day, R.drawable.ic_bar_chart, R.drawable.ic_bar_chart_fill),
}

/** The way that the seller came: back leads to Sell, and then out. */
@Stable
class Way(places: List<Place> = listOf(Place.Sell)) {
    private val places = mutableStateListOf<Place>().apply { addAll(places) }

    val here: Place get() = places.last()
    val canGoBack: Boolean get() = places.size > 1

    /** The tab that [here] belongs to. */
    val tab: Tab? get() = Tab.entries.firstOrNull { it.place == here }

    fun go(to: Place) {
        if (to != here) places.add(to)
    }

    /** A tab begins anew; Sell lies under it. */
    fun choose(tab: Tab) {
        places.clear()
        places.add(Place.Sell)
        go(tab.place)
    }

    fun back() {
        if (canGoBack) places.removeAt(places.lastIndex)
    }

    /** In place of where the seller is. */
    fun instead(to: Place) {
        places.removeAt(places.lastIndex)
        if (places.isEmpty() && to != Place.Sell) places.add(Place.Sell)
        places.add(to)
    }

    companion object {
        val Saver = Saver<Way, ArrayList<String>>({ way -> ArrayList(way.places.map(Place::text)) }, { texts -> Way(texts.map(Place::of)) })
    }
}
