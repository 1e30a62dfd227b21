import org.jetbrains.kotlin.gradle.dsl.JvmTarget

plugins {
    alias(libs.plugins.android.library)
    alias(libs.plugins.kotlin.android)
}

/** The workspace with the Rust sources. */
val workspace: File = rootDir.parentFile

/** ABIs of phones, and of the emulator. */
val abis = listOf("arm64-v8a", "armeabi-v7a", "x86_64")

android {
    namespace = "dev.muster.sdk"
    compileSdk = 35
    defaultConfig {
        minSdk = 26
        consumerProguardFiles("consumer-rules.pro")
        testInstrumentationRunner = "androidx.test.runner.AndroidJUnitRunner"
        ndk { abiFilters += abis }
    }
    compileOptions {
        sourceCompatibility = JavaVersion.VERSION_17
        targetCompatibility = JavaVersion.VERSION_17
    }
    lint { warningsAsErrors = true }
    testOptions.unitTests.isIncludeAndroidResources = true
    sourceSets {
        getByName("main") {
            kotlin.srcDir(layout.buildDirectory.dir("generated/bindings"))
            jniLibs.srcDir(layout.buildDirectory.dir("rustJniLibs"))
        }
        // The same tests on the JVM and on a phone or emulator.
        getByName("test") {
            kotlin.srcDir("src/sharedTest/kotlin")
            resources.srcDir(workspace.resolve("tests/vectors"))
        }
        getByName("androidTest") {
            kotlin.srcDir("src/sharedTest/kotlin")
            resources.srcDir(workspace.resolve("tests/vectors"))
        }
    }
}

kotlin {
    compilerOptions {
        jvmTarget = JvmTarget.JVM_17
        allWarningsAsErrors = true
    }
}

dependencies {
    // The aar has JNA's own native library for each ABI.
    api(variantOf(libs.jna) { artifactType("aar") })
    implementation(libs.okhttp)
    testImplementation(libs.junit)
    testImplementation(libs.robolectric)
    // The host's native library of JNA.
    testImplementation(libs.jna)
    androidTestImplementation(libs.junit)
    androidTestImplementation(libs.androidx.test.runner)
    androidTestImplementation(libs.androidx.test.ext.junit)
}

/** Features of the library: what tests need is never in one that ships. */
fun features(release: Boolean) = if (release) "android-jni" else "android-jni,loopback-http,test-hooks"

fun cargoNdk(name: String, release: Boolean) = tasks.register<Exec>(name) {
    description = "Builds libmuster.so for all ABIs with cargo-ndk"
    workingDir = workspace
    // Android 15 phones may have pages of 16 KB; from NDK r28 on this is the default.
    environment("RUSTFLAGS", "-C link-arg=-Wl,-z,max-page-size=16384")
    val output = layout.buildDirectory.dir("rustJniLibs")
    outputs.dir(output)
    outputs.upToDateWhen { false } // cargo knows best
    val targets = abis.flatMap { listOf("-t", it) }
    val profile = if (release) listOf("--release") else emptyList()
    commandLine(
        listOf("cargo", "ndk", "--platform", "26") + targets + listOf("-o", output.get().asFile.path, "build") +
            listOf("-p", "muster", "--features", features(release)) + profile,
    )
}

val cargoNdkDebug = cargoNdk("cargoNdkDebug", release = false)
val cargoNdkRelease = cargoNdk("cargoNdkRelease", release = true)

/** Bindings describe exactly one set of features, so each kind of build writes its own. */
fun bindings(name: String, release: Boolean) = tasks.register<Exec>(name) {
    description = "Writes dev.muster.ffi from the host's library"
    workingDir = workspace
    val out = layout.buildDirectory.dir("generated/bindings").get().asFile.path
    val flags = if (release) "android-jni" else "android-jni,loopback-http,test-hooks"
    commandLine(
        "bash",
        "-euc",
        "cargo build -p muster --features $flags && cargo run -p muster-bindgen -- --library \"$(ls target/debug/libmuster.so target/debug/libmuster.dylib 2>/dev/null)\" --kotlin '$out'",
    )
}

val bindingsDebug = bindings("bindingsDebug", release = false)
val bindingsRelease = bindings("bindingsRelease", release = true)

androidComponents.onVariants { variant ->
    val kind = variant.name.replaceFirstChar(Char::uppercase)
    val release = variant.buildType == "release"
    tasks.configureEach {
        if (name == "pre${kind}Build") dependsOn(if (release) listOf(cargoNdkRelease, bindingsRelease) else listOf(cargoNdkDebug, bindingsDebug))
    }
}
