package dev.muster.sdk

import android.os.Bundle

/**
 * Reads a managed configuration in native code, by the runtime class of each value: consoles send
 * booleans as text and numbers as whatever they like, and to judge that is the core's business.
 *
 * Name and signatures of this class are known to the native library.
 */
internal object NativeBundles {
    init {
        System.loadLibrary("muster")
    }

    /** The JSON that stands for `bundle`; the text `null` for none. */
    @JvmStatic
    external fun read(bundle: Bundle?): String

    /** The same for each. */
    @JvmStatic
    external fun readAll(bundles: List<Bundle?>): Array<String>
}
