import org.jetbrains.kotlin.gradle.dsl.JvmTarget

plugins {
    alias(libs.plugins.android.library)
    alias(libs.plugins.kotlin.android)
    `maven-publish`
}

group = "dev.muster"
version = "0.1.0"

/** The workspace with the Rust sources. */
val workspace: File = rootDir.parentFile

/** ABIs of phones, and of the emulator. */
val abis = listOf("arm64-v8a", "armeabi-v7a", "x86_64")

/** `libmuster.so` on Linux, `libmuster.dylib` on a Mac. */
val hostLibrary: String = System.mapLibraryName("muster")

/**
 * Features of the library: reading Bundles, and writing to logcat. What tests need beside them is
 * never in one that ships.
 */
val features = mapOf(
    "debug" to "android,android-jni,loopback-http,test-hooks",
    "release" to "android,android-jni",
)

/** Where a kind of build finds what is made for it: its own folders, because the two differ. */
fun made(what: String, kind: String): File = layout.buildDirectory.dir("$what/$kind").get().asFile

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
    lint {
        warningsAsErrors = true
        // The first four are about newer versions of others; the last about what only apps use.
        disable += setOf("OldTargetApi", "GradleDependency", "NewerVersionAvailable", "AndroidGradlePluginVersion", "UnusedResources")
    }
    publishing.singleVariant("release") { withSourcesJar() }
    testOptions.unitTests {
        isIncludeAndroidResources = true
        all {
            it.maxHeapSize = "2g"
            it.systemProperty("java.library.path", made("host", "debug").path)
            it.systemProperty("jna.library.path", made("host", "debug").path)
            it.systemProperty("muster.server", workspace.resolve("target/debug/muster-server").path)
            it.systemProperty("muster.android", rootDir.path)
        }
    }
    sourceSets {
        for (kind in features.keys) {
            getByName(kind) {
                kotlin.srcDir(made("bindings", kind))
                jniLibs.srcDir(made("rustJniLibs", kind))
            }
        }
        // The same tests on the JVM and on a phone or emulator.
        for (tests in listOf("test", "androidTest")) {
            getByName(tests) {
                kotlin.srcDir("src/sharedTest/kotlin")
                resources.srcDir(workspace.resolve("tests/vectors"))
            }
        }
    }
}

kotlin {
    // What is public says so: a warning is an error, but the generated bindings may be silent.
    explicitApiWarning()
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

/** The library for all ABIs, by cargo-ndk. */
fun cargoNdk(kind: String) = tasks.register<Exec>("cargoNdk${kind.replaceFirstChar(Char::uppercase)}") {
    description = "Builds libmuster.so for all ABIs with cargo-ndk"
    workingDir = workspace
    // Android 15 phones may have pages of 16 KB; from NDK r28 on this is the default.
    environment("RUSTFLAGS", "-C link-arg=-Wl,-z,max-page-size=16384")
    val output = made("rustJniLibs", kind)
    outputs.dir(output)
    outputs.upToDateWhen { false } // cargo knows best
    commandLine(
        listOf("cargo", "ndk", "--platform", "26") + abis.flatMap { listOf("-t", it) } + listOf("-o", output.path, "build") +
            listOf("-p", "muster", "--features", features.getValue(kind)) + if (kind == "release") listOf("--release") else emptyList(),
    )
}

/** The host's library: bindings are read from it, and tests on the JVM run it. */
fun cargoHost(kind: String) = tasks.register<Exec>("cargoHost${kind.replaceFirstChar(Char::uppercase)}") {
    description = "Builds the host's library"
    workingDir = workspace
    val built = workspace.resolve("target/debug/$hostLibrary")
    val kept = made("host", kind).resolve(hostLibrary)
    outputs.file(kept)
    outputs.upToDateWhen { false }
    environment("CARGO_TARGET_DIR", workspace.resolve("target").path)
    // Unoptimised for both kinds: nobody ships it.
    commandLine("cargo", "build", "-p", "muster", "-p", "muster-server", "--features", muster(features.getValue(kind)))
    // At once: the other kind replaces cargo's own.
    doLast { built.copyTo(kept, overwrite = true) }
}

/** `features` of the package `muster` alone, where several are built. */
fun muster(features: String) = features.split(",").joinToString(",") { "muster/$it" }

/** Bindings describe exactly one set of features, so each kind of build has its own. */
fun bindings(kind: String, host: TaskProvider<Exec>) = tasks.register<Exec>("bindings${kind.replaceFirstChar(Char::uppercase)}") {
    description = "Writes dev.muster.ffi"
    dependsOn(host)
    workingDir = workspace
    outputs.dir(made("bindings", kind))
    outputs.upToDateWhen { false }
    val library = made("host", kind).resolve(hostLibrary).path
    commandLine("cargo", "run", "-p", "muster-bindgen", "--", "--library", library, "--kotlin", made("bindings", kind).path)
}

val rust = features.keys.associateWith { listOf(cargoNdk(it), bindings(it, cargoHost(it))) }

androidComponents {
    // Tests call what only the library for tests has.
    beforeVariants(selector().withBuildType("release")) { it.enableUnitTest = false }
    onVariants { variant ->
        val start = "pre${variant.name.replaceFirstChar(Char::uppercase)}Build"
        tasks.configureEach { if (name == start) dependsOn(rust.getValue(variant.buildType!!)) }
    }
}

publishing {
    publications.register<MavenPublication>("release") {
        artifactId = "sdk"
        afterEvaluate { from(components["release"]) }
    }
}
