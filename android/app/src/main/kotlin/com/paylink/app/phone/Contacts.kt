package com.paylink.app.phone

import android.app.Activity
import android.content.Context
import android.content.Intent
import android.net.Uri
import android.provider.ContactsContract.CommonDataKinds.Phone
import androidx.activity.result.contract.ActivityResultContract

/** A number out of the phone's own book. */
data class Contact(val name: String, val number: String) {
    companion object {
        /** The picker gives the right to read this one row, and no other. */
        fun read(context: Context, uri: Uri): Contact? =
            context.contentResolver.query(uri, arrayOf(Phone.DISPLAY_NAME, Phone.NUMBER), null, null, null)?.use { row ->
                if (row.moveToFirst()) Contact(row.getString(0).orEmpty(), row.getString(1).orEmpty()) else null
            }
    }
}

/** The system's picker, without a permission. */
class PickContact : ActivityResultContract<Unit, Uri?>() {
    override fun createIntent(context: Context, input: Unit): Intent = Intent(Intent.ACTION_PICK).setType(Phone.CONTENT_TYPE)

    override fun parseResult(resultCode: Int, intent: Intent?): Uri? = intent?.data.takeIf { resultCode == Activity.RESULT_OK }
}
