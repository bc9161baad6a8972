package com.paylink.app.ui

import androidx.compose.foundation.Canvas
import androidx.compose.foundation.layout.aspectRatio
import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import androidx.compose.ui.geometry.Offset
import androidx.compose.ui.geometry.Size
import androidx.compose.ui.graphics.Color
import androidx.compose.ui.semantics.Role
import androidx.compose.ui.semantics.contentDescription
import androidx.compose.ui.semantics.role
import androidx.compose.ui.semantics.semantics
import com.paylink.core.QrModules

/** Modules of white around a code, without which cameras do not find it. */
private const val QUIET = 4

/** A QR code, always black on white, each module whole pixels. */
@Composable
fun QrCode(code: QrModules, says: String, modifier: Modifier = Modifier) {
    val size = code.size.toInt()
    Canvas(modifier.aspectRatio(1f).semantics { contentDescription = says; role = Role.Image }) {
        drawRect(Color.White)
        val module = (this.size.width / (size + 2 * QUIET)).toInt().coerceAtLeast(1).toFloat()
        val from = ((this.size.width - module * size) / 2).toInt().toFloat()
        for (y in 0 until size) {
            for (x in 0 until size) {
                if (code.modules[y * size + x].toInt() != 0) {
                    drawRect(Color.Black, Offset(from + x * module, from + y * module), Size(module, module))
                }
            }
        }
    }
}
