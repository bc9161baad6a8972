package com.paylink.app.pictures

import android.app.Application
import android.graphics.Bitmap
import android.graphics.Canvas
import androidx.activity.ComponentActivity
import androidx.activity.compose.setContent
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.padding
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Surface
import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import androidx.compose.ui.test.SemanticsMatcher
import androidx.compose.ui.test.junit4.v2.createEmptyComposeRule
import androidx.compose.ui.unit.Density
import androidx.compose.ui.unit.dp
import com.paylink.app.ui.PaylinkTheme
import java.io.File
import kotlin.test.assertEquals
import kotlin.test.assertTrue
import org.junit.Rule
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.Robolectric
import org.robolectric.RobolectricTestRunner
import org.robolectric.RuntimeEnvironment
import org.robolectric.annotation.Config

/**
 * Every screen and state, drawn by the phone's own renderer, in each look: written to a folder for a person to see, and
 * audited. `tests/run android-pictures` says where the folder is.
 */
@RunWith(RobolectricTestRunner::class)
@Config(application = Application::class)
class ScreensPictures {
    @get:Rule
    val rule = createEmptyComposeRule()

    private val folder = File(System.getProperty("pictures.dir")).apply { mkdirs() }
    private val found = mutableListOf<String>()
    private var count = 0

    @Test
    fun `light, in Norwegian`() = all("light", "nb-rNO-notnight")

    @Test
    fun `dark, in Norwegian`() = all("dark", "nb-rNO-night")

    @Test
    fun `font at 200 percent`() = all("font200", "nb-rNO-notnight", scale = 2f)

    @Test
    fun `light, in English`() = all("english", "en-rGB-notnight")

    @Test
    fun `a tablet`() = all("tablet", "nb-rNO-w1280dp-h800dp-land-notnight-xhdpi")

    private fun all(look: String, qualifiers: String, scale: Float = 1f) {
        RuntimeEnvironment.setFontScale(scale)
        RuntimeEnvironment.setQualifiers("+$qualifiers")
        val drawn = if (look == "tablet") screens else screens - wideOnly
        for ((name, screen) in drawn) picture("$name-$look", screen)
        println("pictures: $count of $look in $folder")
        assertEquals(drawn.size, count)
        assertEquals(emptyList(), found)
    }

    private fun picture(name: String, screen: @Composable () -> Unit) {
        val window = Robolectric.buildActivity(ComponentActivity::class.java).setup()
        window.get().setContent {
            PaylinkTheme { Surface(Modifier.fillMaxSize(), color = MaterialTheme.colorScheme.background) { Box(Modifier.padding(top = 24.dp)) { screen() } } }
        }
        rule.waitForIdle()
        val view = window.get().window.decorView
        val picture = Bitmap.createBitmap(view.width, view.height, Bitmap.Config.ARGB_8888)
        view.draw(Canvas(picture))
        File(folder, "$name.png").outputStream().use { picture.compress(Bitmap.CompressFormat.PNG, 100, it) }
        val colours = IntArray(picture.width * picture.height).also { picture.getPixels(it, 0, picture.width, 0, 0, picture.width, picture.height) }.toSet().size
        assertTrue(colours > 10, "$name is blank")
        val nodes = rule.onAllNodes(SemanticsMatcher("all") { true }, useUnmergedTree = true).fetchSemanticsNodes()
        found += Audit(picture, Density(view.resources.displayMetrics.density)).of(nodes).map { "$name: $it" }
        count++
        window.pause().stop().destroy()
    }
}
