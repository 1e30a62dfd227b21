"""Merges the library's manifest into the app's, as far as these two need it.

Gradle does this with all its rules; the Maven build has only this: what stands in the library's
<manifest> and <application> is put behind what the app has there.
"""
import sys
import xml.etree.ElementTree as xml

ANDROID = "http://schemas.android.com/apk/res/android"


def main(app_path, library_path, out_path):
    xml.register_namespace("android", ANDROID)
    app = xml.parse(app_path)
    root = app.getroot()
    # Gradle takes it from `namespace`.
    root.set("package", "dev.muster.app")
    application = root.find("application")
    for element in xml.parse(library_path).getroot():
        if element.tag == "application":
            application.extend(list(element))
        else:
            root.insert(list(root).index(application), element)
    app.write(out_path, encoding="utf-8", xml_declaration=True)


main(*sys.argv[1:])
