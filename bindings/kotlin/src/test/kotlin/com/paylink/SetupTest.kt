package com.paylink

import com.paylink.core.Config
import com.paylink.core.ProblemCode
import com.paylink.core.Setup
import kotlin.reflect.full.memberProperties
import kotlin.reflect.full.primaryConstructor
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertFalse
import kotlin.test.assertNotNull
import kotlin.test.assertNull
import kotlin.test.assertTrue

/** From a link to a core that is open. What links can say is in the scenarios. */
class SetupTest : AgainstSandbox() {
    private val link: String
        get() = "paylink://setup?account=${sandbox.account}&origin=${sandbox.origin}&seller_name=Torget" +
            "&return_url=https%3A%2F%2Fexample.com%2Fthanks"

    @Test
    fun `a link that was agreed to opens the account`() = test {
        val check = Paylink.checkSetup(" $link\n")
        assertEquals("Torget", check.summary?.sellerName)
        val config = assertNotNull(check.setup).config(folder.resolve("data").toString())
        Paylink.open(config, MemorySecureStore()).use { core ->
            core.signIn(sandbox.clientId, sandbox.clientSecret)
            assertEquals(sandbox.account, core.account().account)
        }
        val changes = Paylink.checkSetup(link.replace("Torget", "Bua"), config).summary?.changes
        assertEquals(listOf("seller_name" to "Bua"), changes?.map { it.field to it.to })
    }

    @Test
    fun `an invitation gives credentials that nobody prints`() = test {
        val sealed = assertNotNull(Paylink.checkSetup(INVITATION).sealed)
        assertTrue(sealed.live && sealed.account == "P12345678")
        val opened = Paylink.openInvitation(INVITATION, "7m4q xw9t z2kd")
        assertEquals("test-secret", opened.credentials?.clientSecret)
        assertFalse("test-" in "$opened")
        val wrong = Paylink.openInvitation(INVITATION, "7M4Q-XW9T-Z2KE")
        assertNull(wrong.credentials)
        assertEquals(listOf<ProblemCode>(ProblemCode.WrongCode), wrong.problems.map { it.code })
    }

    @Test
    fun `no field of a set-up is left out of the configuration`() {
        val make = checkNotNull(Setup::class.primaryConstructor)
        val setup = make.callBy(make.parameters.associateWith { checkNotNull(it.name) })
        val kept = mapOf<String, Any?>("askAgainAfterHours" to 3u, "eraseContactsAfterDays" to 30u, "offline" to true)
        val current =
            setup.config("data").copy(askAgainAfterHours = 3u, eraseContactsAfterDays = 30u, offline = true)
        val config = setup.config("folder", current)
        val said: Map<String, Any?> = Config::class.memberProperties.associate { it.name to it.get(config) }
        val others = kept + ("dataDir" to "folder")
        val expected: Map<String, Any?> = make.parameters.mapNotNull { it.name }.associateWith { it } + others
        assertEquals(expected, said)
    }

    private companion object {
        /** Of `tests/scenarios/invitation_opens.json`. */
        const val INVITATION =
            "paylink://invitation/060BRRAEZZ7DV079E11NCVW42RS7G2DFYZF0CZD08B8VKJNCWHCY1KK31SRTK245G9J3QHQKWZ7TA62W" +
                "FBPXGGYCMVJ7KDA43MZ4FMZEBM78FPEJVFY04EYVHHY4CGWBZ80HRKFH33TYFZ112QEB5EB1WW3QKSHFZSHJHAND1C7TPF2HXFT2" +
                "S7H4M2TC6A2W91490XWKWT7R84M51A705SCFS668G3TF4CZTB6CZZ5JE2XBDXZ5DPYBSX7P090GQCV92NZBABNNA9BQ0K77PWPMD" +
                "MPNPEP3SY91GQS24D5AWXPGFN183V28EN4PYG1C5HARMAZ29A58RXSXRNE60"
    }
}
