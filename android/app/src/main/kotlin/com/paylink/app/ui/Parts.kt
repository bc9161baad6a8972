package com.paylink.app.ui

import androidx.annotation.DrawableRes
import androidx.compose.foundation.BorderStroke
import androidx.compose.foundation.background
import androidx.compose.foundation.border
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.ColumnScope
import androidx.compose.foundation.layout.PaddingValues
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.RowScope
import androidx.compose.foundation.layout.Spacer
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.size
import androidx.compose.foundation.layout.width
import androidx.compose.foundation.shape.CircleShape
import androidx.compose.material3.Button
import androidx.compose.material3.ButtonDefaults
import androidx.compose.material3.CircularProgressIndicator
import androidx.compose.material3.HorizontalDivider
import androidx.compose.material3.Icon
import androidx.compose.material3.IconButton
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.OutlinedButton
import androidx.compose.material3.Surface
import androidx.compose.material3.Text
import androidx.compose.material3.VerticalDivider
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.graphics.Color
import androidx.compose.ui.platform.LocalDensity
import androidx.compose.ui.res.painterResource
import androidx.compose.ui.res.stringResource
import androidx.compose.ui.semantics.heading
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.text.style.TextAlign
import androidx.compose.ui.text.style.TextOverflow
import androidx.compose.ui.unit.Dp
import androidx.compose.ui.unit.dp
import com.paylink.app.R

/** From this scale of the font on, rows become columns. */
private const val LARGE_FONT = 1.5f

val largeFont: Boolean
    @Composable
    get() = LocalDensity.current.fontScale >= LARGE_FONT

/** The edge of the screen. */
val EDGE = 16.dp

@Composable
fun Symbol(@DrawableRes icon: Int, modifier: Modifier = Modifier, size: Dp = 24.dp, tint: Color = MaterialTheme.colorScheme.onSurface) {
    Icon(painterResource(icon), null, modifier.size(size), tint)
}

/** A list, and what is chosen in it. */
@Composable
fun SideBySide(list: @Composable () -> Unit, chosen: @Composable () -> Unit) {
    Row {
        Box(Modifier.width(400.dp)) { list() }
        VerticalDivider(thickness = 1.dp, color = MaterialTheme.colorScheme.outlineVariant)
        Box(Modifier.weight(1f)) { chosen() }
    }
}

/** A symbol that does something; [says] is its name. */
@Composable
fun SymbolButton(@DrawableRes icon: Int, says: String, modifier: Modifier = Modifier, tint: Color = MaterialTheme.colorScheme.onSurface, onClick: () -> Unit) {
    IconButton(onClick, modifier.size(48.dp)) { Icon(painterResource(icon), says, Modifier.size(24.dp), tint) }
}

/** The button of a page: one filled, at most one outlined beside it. */
@Composable
fun MainButton(
    text: String,
    onClick: () -> Unit,
    modifier: Modifier = Modifier,
    @DrawableRes icon: Int? = null,
    enabled: Boolean = true,
    busy: Boolean = false,
    color: Color = MaterialTheme.colorScheme.primary,
) {
    Button(
        { if (!busy) onClick() },
        modifier.heightIn(min = 64.dp),
        enabled = enabled,
        shape = MaterialTheme.shapes.large,
        colors = ButtonDefaults.buttonColors(
            containerColor = color,
            disabledContainerColor = MaterialTheme.colorScheme.surfaceContainerHighest,
            disabledContentColor = MaterialTheme.colorScheme.onSurfaceVariant,
        ),
        contentPadding = PaddingValues(horizontal = 16.dp, vertical = 8.dp),
    ) {
        when {
            busy -> CircularProgressIndicator(Modifier.size(24.dp), MaterialTheme.colorScheme.onPrimary, strokeWidth = 3.dp)
            icon != null -> Icon(painterResource(icon), null, Modifier.size(28.dp))
        }
        if (busy || icon != null) Spacer(Modifier.width(12.dp))
        Text(text, style = MaterialTheme.typography.titleLarge, textAlign = TextAlign.Center)
    }
}

@Composable
fun SecondButton(text: String, onClick: () -> Unit, modifier: Modifier = Modifier, color: Color = MaterialTheme.colorScheme.primary) {
    OutlinedButton(
        onClick,
        modifier.heightIn(min = 64.dp),
        shape = MaterialTheme.shapes.large,
        border = BorderStroke(1.dp, MaterialTheme.colorScheme.outline),
        contentPadding = PaddingValues(horizontal = 12.dp, vertical = 8.dp),
    ) { Text(text, color = color, style = MaterialTheme.typography.titleLarge, textAlign = TextAlign.Center) }
}

/** Flat, with a hairline. */
@Composable
fun CardBox(modifier: Modifier = Modifier, color: Color = MaterialTheme.colorScheme.surfaceContainer, border: BorderStroke? = hairline, content: @Composable ColumnScope.() -> Unit) {
    Surface(modifier.fillMaxWidth(), MaterialTheme.shapes.medium, color, border = border) { Column(content = content) }
}

val hairline: BorderStroke
    @Composable
    get() = BorderStroke(1.dp, MaterialTheme.colorScheme.outlineVariant)

@Composable
fun Hairline(modifier: Modifier = Modifier) = HorizontalDivider(modifier, 1.dp, MaterialTheme.colorScheme.outlineVariant)

/** A state in a circle; only what is paid is filled. */
@Composable
fun StateCircle(look: Look, modifier: Modifier = Modifier, size: Dp = 40.dp) {
    val tone = look.role.tone
    val paid = look.role == Role.Paid
    val ring = if (look.role == Role.PaidRing) Modifier.border(2.dp, tone.strong, CircleShape) else Modifier
    Box(modifier.size(size).then(ring).background(if (paid) tone.strong else tone.soft, CircleShape), Alignment.Center) {
        Symbol(look.icon, size = size * 0.6f, tint = if (paid) tone.onStrong else tone.strong)
    }
}

/** The bar of a page that has a way back. */
@Composable
fun PageBar(title: String, @DrawableRes icon: Int = R.drawable.ic_arrow_back, says: String = stringResource(R.string.back), onBack: () -> Unit, end: @Composable RowScope.() -> Unit = {}) {
    Row(Modifier.fillMaxWidth().heightIn(min = 56.dp).padding(horizontal = 4.dp), Arrangement.spacedBy(4.dp), Alignment.CenterVertically) {
        SymbolButton(icon, says, onClick = onBack)
        Text(title, Modifier.weight(1f).semantics { heading() }, style = MaterialTheme.typography.titleLarge)
        end()
    }
}

/** A title inside of a page. */
@Composable
fun Head(text: String, modifier: Modifier = Modifier, color: Color = MaterialTheme.colorScheme.onSurfaceVariant, end: String? = null) {
    Row(modifier.fillMaxWidth(), Arrangement.SpaceBetween) {
        Text(text, Modifier.weight(1f).semantics { heading() }, color, style = MaterialTheme.typography.labelLarge)
        if (end != null) Text(end, color = MaterialTheme.colorScheme.onSurfaceVariant, style = MaterialTheme.typography.labelLarge)
    }
}

/** A sentence that warns or refuses, with its icon and perhaps a way out. */
@Composable
fun Notice(text: String, error: Boolean, modifier: Modifier = Modifier, way: (@Composable () -> Unit)? = null) {
    val color = if (error) tones.danger.strong else tones.waiting.strong
    Row(modifier.fillMaxWidth(), Arrangement.spacedBy(8.dp), Alignment.CenterVertically) {
        Symbol(if (error) R.drawable.ic_error_fill else R.drawable.ic_warning_fill, size = 20.dp, tint = color)
        Text(text, Modifier.weight(1f), color, style = MaterialTheme.typography.bodyMedium)
        way?.invoke()
    }
}

/** Initials in a circle. */
@Composable
fun Avatar(name: String) {
    val initials = name.split(' ').filter(String::isNotEmpty).let { words ->
        listOfNotNull(words.firstOrNull(), words.lastOrNull().takeIf { words.size > 1 }).joinToString("") { it.take(1).uppercase() }
    }
    Box(Modifier.size(40.dp).background(MaterialTheme.colorScheme.primaryContainer, CircleShape), Alignment.Center) {
        if (initials.firstOrNull()?.isLetter() == true && !largeFont) {
            Text(initials, color = MaterialTheme.colorScheme.onPrimaryContainer, maxLines = 1, overflow = TextOverflow.Clip, style = MaterialTheme.typography.labelLarge)
        } else {
            Symbol(R.drawable.ic_person, tint = MaterialTheme.colorScheme.onPrimaryContainer)
        }
    }
}
