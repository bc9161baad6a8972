package com.paylink.app.ui

import androidx.compose.foundation.isSystemInDarkTheme
import androidx.compose.foundation.shape.RoundedCornerShape
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Shapes
import androidx.compose.material3.Typography
import androidx.compose.material3.darkColorScheme
import androidx.compose.material3.lightColorScheme
import androidx.compose.runtime.Composable
import androidx.compose.runtime.CompositionLocalProvider
import androidx.compose.runtime.Immutable
import androidx.compose.runtime.ReadOnlyComposable
import androidx.compose.runtime.staticCompositionLocalOf
import androidx.compose.ui.graphics.Color
import androidx.compose.ui.text.TextStyle
import androidx.compose.ui.text.font.FontWeight
import androidx.compose.ui.unit.dp
import androidx.compose.ui.unit.sp

/** A colour that means something, and its quiet container. */
@Immutable
data class Tone(val strong: Color, val soft: Color, val onStrong: Color)

/** What Material has no role for. Dynamic colour is off: colour carries meaning. */
@Immutable
data class PaylinkColors(val waiting: Tone, val paid: Tone, val sent: Tone, val danger: Tone, val over: Tone)

private val lightTones = PaylinkColors(
    waiting = Tone(Color(0xFF8A5300), Color(0xFFFFECD3), Color.White),
    paid = Tone(Color(0xFF1B6E3C), Color(0xFFDAF1E1), Color.White),
    sent = Tone(Color(0xFF1F5FA8), Color(0xFFDEEAF9), Color.White),
    danger = Tone(Color(0xFFB3261E), Color(0xFFFCE6E3), Color.White),
    over = Tone(Color(0xFF5A605D), Color(0xFFE9ECE8), Color.White),
)

private val darkTones = PaylinkColors(
    waiting = Tone(Color(0xFFFFB95C), Color(0xFF3D2B0E), Color(0xFF452B00)),
    paid = Tone(Color(0xFF7FD99B), Color(0xFF153922), Color(0xFF00391A)),
    sent = Tone(Color(0xFF9CC9FF), Color(0xFF17324F), Color(0xFF00315D)),
    danger = Tone(Color(0xFFFFB4AB), Color(0xFF4A1C19), Color(0xFF690005)),
    over = Tone(Color(0xFFA8AFAB), Color(0xFF2B312E), Color(0xFF121513)),
)

private val light = lightColorScheme(
    primary = Color(0xFF0B6B5D), onPrimary = Color.White,
    primaryContainer = Color(0xFFD5EDE7), onPrimaryContainer = Color(0xFF00382F),
    secondary = Color(0xFF0B6B5D), onSecondary = Color.White,
    secondaryContainer = Color(0xFFD5EDE7), onSecondaryContainer = Color(0xFF00382F),
    tertiary = Color(0xFF1F5FA8), tertiaryContainer = Color(0xFFDEEAF9),
    background = Color(0xFFFAFAF7), onBackground = Color(0xFF1A1C1B),
    surface = Color(0xFFFAFAF7), onSurface = Color(0xFF1A1C1B), surfaceTint = Color.Transparent,
    surfaceVariant = Color(0xFFF0F2EE), onSurfaceVariant = Color(0xFF5A605D),
    surfaceContainerLowest = Color.White, surfaceContainerLow = Color.White, surfaceContainer = Color.White,
    surfaceContainerHigh = Color(0xFFF0F2EE), surfaceContainerHighest = Color(0xFFE4E8E3),
    outline = Color(0xFF747B77), outlineVariant = Color(0xFFDCE0DB),
    error = Color(0xFFB3261E), onError = Color.White, errorContainer = Color(0xFFFCE6E3), onErrorContainer = Color(0xFFB3261E),
    inverseSurface = Color(0xFF2E3331), inverseOnSurface = Color(0xFFF0F2EE), inversePrimary = Color(0xFF5FD3BF),
    scrim = Color(0xFF0D1210),
)

private val dark = darkColorScheme(
    primary = Color(0xFF5FD3BF), onPrimary = Color(0xFF00382F),
    primaryContainer = Color(0xFF114A40), onPrimaryContainer = Color(0xFFBDEFE4),
    secondary = Color(0xFF5FD3BF), onSecondary = Color(0xFF00382F),
    secondaryContainer = Color(0xFF114A40), onSecondaryContainer = Color(0xFFBDEFE4),
    tertiary = Color(0xFF9CC9FF), tertiaryContainer = Color(0xFF17324F),
    background = Color(0xFF121513), onBackground = Color(0xFFE3E6E3),
    surface = Color(0xFF121513), onSurface = Color(0xFFE3E6E3), surfaceTint = Color.Transparent,
    surfaceVariant = Color(0xFF272D2A), onSurfaceVariant = Color(0xFFA8AFAB),
    surfaceContainerLowest = Color(0xFF1C211F), surfaceContainerLow = Color(0xFF1C211F), surfaceContainer = Color(0xFF1C211F),
    surfaceContainerHigh = Color(0xFF272D2A), surfaceContainerHighest = Color(0xFF333A36),
    outline = Color(0xFF8A928E), outlineVariant = Color(0xFF333A37),
    error = Color(0xFFFFB4AB), onError = Color(0xFF690005), errorContainer = Color(0xFF4A1C19), onErrorContainer = Color(0xFFFFB4AB),
    inverseSurface = Color(0xFFE3E6E3), inverseOnSurface = Color(0xFF2E3331), inversePrimary = Color(0xFF0B6B5D),
    scrim = Color.Black,
)

private fun style(size: Int, line: Int, weight: FontWeight = FontWeight.Normal, spacing: Double = 0.0) = TextStyle(
    fontSize = size.sp, lineHeight = line.sp, fontWeight = weight, letterSpacing = spacing.sp,
    // Figures of one width: an amount does not move while it counts.
    fontFeatureSettings = "tnum",
)

private val type = Typography(
    displaySmall = style(40, 48, FontWeight.Medium, -0.5),
    headlineMedium = style(28, 36),
    headlineSmall = style(24, 32, FontWeight.Medium),
    titleLarge = style(20, 28, FontWeight.Medium),
    titleMedium = style(16, 24, FontWeight.Medium),
    bodyLarge = style(16, 24),
    bodyMedium = style(14, 20),
    labelLarge = style(14, 20, FontWeight.Medium),
    bodySmall = style(12, 16),
    labelMedium = style(12, 16, FontWeight.Medium),
)

private val shapes = Shapes(
    small = RoundedCornerShape(8.dp),
    medium = RoundedCornerShape(12.dp),
    large = RoundedCornerShape(16.dp),
    extraLarge = RoundedCornerShape(28.dp),
)

private val LocalTones = staticCompositionLocalOf { lightTones }

/** The tones of the theme in force. */
val tones: PaylinkColors
    @Composable @ReadOnlyComposable
    get() = LocalTones.current

@Composable
fun PaylinkTheme(darkTheme: Boolean = isSystemInDarkTheme(), content: @Composable () -> Unit) {
    CompositionLocalProvider(LocalTones provides if (darkTheme) darkTones else lightTones) {
        MaterialTheme(if (darkTheme) dark else light, shapes, type, content)
    }
}
