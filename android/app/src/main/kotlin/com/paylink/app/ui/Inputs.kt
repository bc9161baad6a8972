package com.paylink.app.ui

import androidx.annotation.DrawableRes
import androidx.compose.foundation.BorderStroke
import androidx.compose.foundation.clickable
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.FlowRow
import androidx.compose.foundation.layout.PaddingValues
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.selection.selectable
import androidx.compose.foundation.selection.selectableGroup
import androidx.compose.foundation.shape.CircleShape
import androidx.compose.foundation.text.KeyboardActions
import androidx.compose.foundation.text.KeyboardOptions
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.OutlinedTextField
import androidx.compose.material3.OutlinedTextFieldDefaults
import androidx.compose.material3.Surface
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.remember
import androidx.compose.runtime.setValue
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.draw.clip
import androidx.compose.ui.focus.onFocusChanged
import androidx.compose.ui.graphics.Color
import androidx.compose.ui.platform.LocalFocusManager
import androidx.compose.ui.semantics.Role
import androidx.compose.ui.semantics.contentDescription
import androidx.compose.ui.semantics.error
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.text.input.ImeAction
import androidx.compose.ui.text.input.KeyboardType
import androidx.compose.ui.text.input.VisualTransformation
import androidx.compose.ui.text.style.TextAlign
import androidx.compose.ui.unit.dp

/** What stands under a field. */
data class Remark(val text: String, val error: Boolean)

/**
 * A line of text. What is wrong stands under it in words; [onLeft] is called when the seller goes on to another field,
 * because nothing is said of what is still being typed; the [last] field is left by the keyboard's Done.
 */
@Composable
fun Field(
    label: String,
    value: String,
    onChange: (String) -> Unit,
    modifier: Modifier = Modifier,
    remark: Remark? = null,
    hint: String? = null,
    keyboard: KeyboardType = KeyboardType.Text,
    secret: VisualTransformation = VisualTransformation.None,
    onLeft: () -> Unit = {},
    last: Boolean = false,
    way: (@Composable () -> Unit)? = null,
    end: (@Composable () -> Unit)? = null,
) {
    var focused by remember { mutableStateOf(false) }
    val warning = remark?.error == false
    val focus = LocalFocusManager.current
    Column(modifier) {
        OutlinedTextField(
            value,
            onChange,
            Modifier
                .fillMaxWidth()
                .onFocusChanged {
                    if (focused && !it.isFocused && value.isNotEmpty()) onLeft()
                    focused = it.isFocused
                }
                .semantics { if (remark?.error == true) error(remark.text) },
            label = { Text(label) },
            trailingIcon = end,
            isError = remark?.error == true,
            singleLine = true,
            visualTransformation = secret,
            keyboardOptions = KeyboardOptions(keyboardType = keyboard, imeAction = if (last) ImeAction.Done else ImeAction.Next, autoCorrectEnabled = false),
            keyboardActions = KeyboardActions(onDone = { focus.clearFocus() }),
            shape = MaterialTheme.shapes.medium,
            colors = OutlinedTextFieldDefaults.colors(
                focusedContainerColor = MaterialTheme.colorScheme.surfaceContainer,
                unfocusedContainerColor = MaterialTheme.colorScheme.surfaceContainer,
                errorContainerColor = MaterialTheme.colorScheme.surfaceContainer,
                unfocusedBorderColor = if (warning) tones.waiting.strong else MaterialTheme.colorScheme.outline,
                focusedBorderColor = if (warning) tones.waiting.strong else MaterialTheme.colorScheme.primary,
            ),
        )
        when {
            remark != null -> Notice(remark.text, remark.error, Modifier.padding(start = 16.dp, top = 4.dp), way)
            hint != null -> Text(
                hint, Modifier.padding(start = 16.dp, top = 4.dp),
                MaterialTheme.colorScheme.onSurfaceVariant, style = MaterialTheme.typography.bodyMedium,
            )
        }
    }
}

/** One of several to choose. */
data class Choice<T>(val value: T, val text: String, @DrawableRes val icon: Int? = null, val spoken: String = text)

/** Chips of which one is chosen, or several when [many] says so by a check mark. */
@Composable
fun <T> Chips(choices: List<Choice<T>>, chosen: (T) -> Boolean, onChoose: (T) -> Unit, modifier: Modifier = Modifier, many: Boolean = false) {
    FlowRow(modifier.then(if (many) Modifier else Modifier.selectableGroup()), Arrangement.spacedBy(8.dp)) {
        choices.forEach { choice ->
            val on = chosen(choice.value)
            Box(
                Modifier
                    .heightIn(min = 48.dp)
                    .clip(CircleShape)
                    .selectable(on, role = if (many) Role.Checkbox else Role.RadioButton) { onChoose(choice.value) }
                    .semantics { contentDescription = choice.spoken },
                Alignment.Center,
            ) {
                Surface(shape = CircleShape, color = chosenColor(on), border = chosenBorder(on)) {
                    Row(Modifier.heightIn(min = 40.dp).padding(horizontal = 14.dp), Arrangement.spacedBy(6.dp), Alignment.CenterVertically) {
                        if (on && many) Symbol(com.paylink.app.R.drawable.ic_check, size = 18.dp, tint = MaterialTheme.colorScheme.onPrimaryContainer)
                        Text(choice.text, color = chosenText(on), style = MaterialTheme.typography.labelLarge)
                    }
                }
            }
        }
    }
}

/** Equal parts in one frame, one of them chosen; [columns] to a row, fewer where the font is large. */
@Composable
fun <T> Segments(choices: List<Choice<T>>, chosen: T?, onChoose: (T) -> Unit, modifier: Modifier = Modifier, columns: Int = choices.size, height: Int = 56) {
    Surface(
        modifier.fillMaxWidth(), MaterialTheme.shapes.medium, MaterialTheme.colorScheme.surfaceContainer,
        border = BorderStroke(1.dp, MaterialTheme.colorScheme.outline),
    ) {
        Column(Modifier.selectableGroup()) {
            choices.chunked(columns).forEach { row ->
                Row(Modifier.fillMaxWidth()) {
                    row.forEach { choice -> Segment(choice, choice.value == chosen, height, Modifier.weight(1f)) { onChoose(choice.value) } }
                }
            }
        }
    }
}

@Composable
private fun <T> Segment(choice: Choice<T>, on: Boolean, height: Int, modifier: Modifier, onClick: () -> Unit) {
    val shape = MaterialTheme.shapes.medium
    Surface(
        modifier.clip(shape).selectable(on, role = Role.RadioButton, onClick = onClick).semantics(mergeDescendants = true) {
            contentDescription = choice.spoken
        },
        shape, if (on) MaterialTheme.colorScheme.primaryContainer else Color.Transparent, border = if (on) chosenBorder(true) else null,
    ) {
        Column(Modifier.heightIn(min = height.dp).padding(horizontal = 2.dp, vertical = 8.dp), Arrangement.Center, Alignment.CenterHorizontally) {
            choice.icon?.let { Symbol(it, tint = chosenText(on)) }
            val style = if (choice.icon == null) MaterialTheme.typography.labelLarge else if (on) MaterialTheme.typography.labelMedium else MaterialTheme.typography.bodySmall
            Text(choice.text, color = chosenText(on), style = style, textAlign = TextAlign.Center)
        }
    }
}

@Composable
private fun chosenColor(on: Boolean) = if (on) MaterialTheme.colorScheme.primaryContainer else MaterialTheme.colorScheme.surfaceContainer

@Composable
private fun chosenText(on: Boolean) = if (on) MaterialTheme.colorScheme.onPrimaryContainer else MaterialTheme.colorScheme.onSurface

/** What is chosen has a thicker border, so that colour is not alone. */
@Composable
private fun chosenBorder(on: Boolean) =
    if (on) BorderStroke(2.dp, MaterialTheme.colorScheme.primary) else BorderStroke(1.dp, MaterialTheme.colorScheme.outline)

/** A row that opens or does something. */
@Composable
fun ActionRow(text: String, @DrawableRes icon: Int, modifier: Modifier = Modifier, small: String? = null, color: Color = MaterialTheme.colorScheme.onSurface, onClick: (() -> Unit)?) {
    Row(
        modifier.fillMaxWidth().then(if (onClick == null) Modifier else Modifier.clickable(role = Role.Button, onClick = onClick))
            .heightIn(min = 56.dp).padding(PaddingValues(16.dp, 8.dp)),
        Arrangement.spacedBy(16.dp), Alignment.CenterVertically,
    ) {
        Symbol(icon, tint = if (color == MaterialTheme.colorScheme.onSurface) MaterialTheme.colorScheme.primary else color)
        Column(Modifier.weight(1f)) {
            Text(text, color = color, style = MaterialTheme.typography.bodyLarge)
            if (small != null) Text(small, color = MaterialTheme.colorScheme.onSurfaceVariant, style = MaterialTheme.typography.bodyMedium)
        }
    }
}
