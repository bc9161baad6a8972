package com.paylink.app.pictures

import android.graphics.Bitmap
import androidx.compose.ui.geometry.Rect
import androidx.compose.ui.graphics.Color
import androidx.compose.ui.graphics.luminance
import androidx.compose.ui.semantics.SemanticsActions
import androidx.compose.ui.semantics.SemanticsNode
import androidx.compose.ui.semantics.SemanticsProperties
import androidx.compose.ui.semantics.getOrNull
import androidx.compose.ui.text.TextLayoutResult
import androidx.compose.ui.unit.Density

/** What is wrong with a screen that is drawn: text that is cut, colours too near to each other, targets too small. */
class Audit(private val picture: Bitmap, private val density: Density) {
    fun of(nodes: List<SemanticsNode>): List<String> = nodes.flatMap { targets(it) + texts(it) }

    /** What can be tapped is as large as a fingertip, by its own size. */
    private fun targets(node: SemanticsNode): List<String> {
        if (node.config.getOrNull(SemanticsActions.OnClick) == null) return emptyList()
        val (width, height) = with(density) { node.size.width.toDp().value to node.size.height.toDp().value }
        return if (width < TARGET - ROUNDING || height < TARGET - ROUNDING) listOf("target of $width x $height dp: ${name(node)}") else emptyList()
    }

    private fun texts(node: SemanticsNode): List<String> {
        val layouts = mutableListOf<TextLayoutResult>()
        node.config.getOrNull(SemanticsActions.GetTextLayoutResult)?.action?.invoke(layouts) ?: return emptyList()
        val layout = layouts.firstOrNull()?.takeIf { it.layoutInput.text.isNotBlank() } ?: return emptyList()
        val found = mutableListOf<String>()
        val widest = (0 until layout.lineCount).maxOf { layout.getLineRight(it) - layout.getLineLeft(it) }
        val cut = layout.multiParagraph.didExceedMaxLines || widest > layout.size.width + 1 || layout.multiParagraph.height > layout.size.height + 1
        if (cut) found += "text is cut: ${name(node)}"
        val box = node.boundsInRoot
        // What is scrolled out of sight has no pixels to look at.
        if (box.width < 4 || box.height < layout.size.height / 2) return found
        val color = layout.layoutInput.style.color
        val ground = ground(box) ?: return found
        if (color != Color.Unspecified && color.alpha == 1f && SemanticsProperties.Disabled !in node.config) {
            val contrast = contrast(color, ground)
            if (contrast < CONTRAST) found += "contrast of %.2f: %s".format(contrast, name(node))
        }
        return found
    }

    /** The colour that there is most of behind a text. */
    private fun ground(box: Rect): Color? {
        val left = box.left.toInt().coerceIn(0, picture.width - 1)
        val top = box.top.toInt().coerceIn(0, picture.height - 1)
        val width = (box.width.toInt()).coerceAtMost(picture.width - left)
        val height = (box.height.toInt()).coerceAtMost(picture.height - top)
        if (width <= 0 || height <= 0) return null
        val pixels = IntArray(width * height)
        picture.getPixels(pixels, 0, width, left, top, width, height)
        return Color(pixels.asList().groupingBy { it }.eachCount().maxBy { it.value }.key)
    }

    private fun name(node: SemanticsNode) = (
        node.config.getOrNull(SemanticsProperties.ContentDescription).orEmpty() + node.config.getOrNull(SemanticsProperties.Text).orEmpty().map { it.text } +
            node.children.flatMap { it.config.getOrNull(SemanticsProperties.Text).orEmpty().map { text -> text.text } }
        ).joinToString(" ").take(60)

    companion object {
        const val TARGET = 48f
        const val CONTRAST = 4.5

        /** Whole pixels are not always whole dp. */
        private const val ROUNDING = 0.6f

        fun contrast(one: Color, other: Color): Double {
            val (light, dark) = listOf(one.luminance(), other.luminance()).sortedDescending()
            return (light + 0.05) / (dark + 0.05)
        }
    }
}
