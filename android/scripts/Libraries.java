import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import java.util.zip.ZipFile;
import java.util.zip.ZipInputStream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.transform.TransformerFactory;
import javax.xml.transform.dom.DOMSource;
import javax.xml.transform.stream.StreamResult;
import org.w3c.dom.Attr;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;

/**
 * What the Android plug-in of Gradle does with libraries, for Maven. A single source file that `java` runs.
 *
 * unpack AARS CLASSES OUT AAPT2     classes of all AARs into CLASSES; resources, manifests, native libraries, keep rules
 *                                   and the packages that need an R class into OUT
 * manifest APP-ID IN OUT FOLDER…    the app's manifest with those of the libraries (each FOLDER an OUT of unpack) merged in
 * link AAPT2 FRAMEWORK MANIFEST APK JAVA RES OUT[:OUT] ARGUMENT…
 */
class Libraries {
    public static void main(String[] words) throws Exception {
        var rest = List.of(words).subList(1, words.length);
        switch (words[0]) {
            case "unpack" -> unpack(Path.of(rest.get(0)), Path.of(rest.get(1)), Path.of(rest.get(2)), rest.get(3));
            case "manifest" -> merge(rest.get(0), Path.of(rest.get(1)), Path.of(rest.get(2)), rest.subList(3, rest.size()));
            case "link" -> link(rest);
            default -> throw new IllegalArgumentException(words[0]);
        }
    }

    /** Thousands of small files: only when the AARs are others than last time. */
    static void unpack(Path aars, Path classes, Path out, String aapt2) throws Exception {
        var made = new StringBuilder();
        for (var aar : in(aars, ".aar")) made.append(aar.getFileName()).append(' ').append(Files.size(aar)).append('\n');
        var stamp = out.resolve("unpacked");
        if (Files.exists(stamp) && Files.isDirectory(classes) && Files.readString(stamp).contentEquals(made)) return;
        remove(out);
        remove(classes);
        Files.createDirectories(classes);
        for (var folder : List.of("res", "manifests", "jni")) Files.createDirectories(out.resolve(folder));
        var packages = new TreeSet<String>();
        var rules = new StringBuilder();
        var owners = new HashMap<String, String>();
        for (var aar : in(aars, ".aar")) {
            var name = aar.getFileName().toString().replaceFirst("\\.aar$", "");
            var resources = out.resolve("unpacking");
            var hasResources = false;
            var hasIds = false;
            try (var zip = new ZipFile(aar.toFile())) {
                for (var entry : zip.stream().filter(e -> !e.isDirectory()).toList()) {
                    var at = entry.getName();
                    var bytes = zip.getInputStream(entry).readAllBytes();
                    if (at.equals("classes.jar") || at.matches("libs/.*\\.jar")) classes(bytes, classes, name, owners);
                    else if (at.startsWith("res/")) hasResources = write(resources.resolve(at), bytes);
                    else if (at.startsWith("jni/")) write(out.resolve(at), bytes);
                    else if (at.equals("AndroidManifest.xml")) write(out.resolve("manifests/" + name + ".xml"), bytes);
                    else if (at.equals("R.txt")) hasIds = bytes.length > 0;
                    else if (at.equals("proguard.txt")) rules.append("# ").append(name).append('\n').append(new String(bytes)).append('\n');
                }
            }
            if (hasIds) packages.add(root(out.resolve("manifests/" + name + ".xml")).getAttribute("package"));
            if (hasResources) run(List.of(aapt2, "compile", "--dir", resources + "/res", "-o", out + "/res/" + name + ".zip"));
            remove(resources);
        }
        Files.writeString(out.resolve("packages"), String.join(":", packages));
        Files.writeString(out.resolve("rules.pro"), rules);
        Files.writeString(stamp, made);
    }

    /** A class that two libraries bring is a mistake in the list of libraries. */
    static void classes(byte[] jar, Path to, String name, Map<String, String> owners) throws IOException {
        try (var in = new ZipInputStream(new ByteArrayInputStream(jar))) {
            for (var entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                var at = entry.getName();
                if (entry.isDirectory() || at.equals("META-INF/MANIFEST.MF") || at.endsWith(".version")) continue;
                var other = owners.putIfAbsent(at, name);
                if (other != null && at.endsWith(".class")) throw new IOException(at + " is in " + other + " and in " + name);
                write(to.resolve(at), in.readAllBytes());
            }
        }
    }

    static void merge(String id, Path app, Path to, List<String> folders) throws Exception {
        var into = document(app);
        var root = into.getDocumentElement();
        var application = children(root).stream().filter(e -> e.getTagName().equals("application")).findFirst().orElseThrow();
        for (var folder : folders) {
            for (var manifest : in(Path.of(folder, "manifests"), ".xml")) {
                for (var element : children(root(manifest))) {
                    switch (element.getTagName()) {
                        case "uses-sdk" -> {}
                        case "application" -> {
                            take(element, application);
                            for (var component : children(element)) add(component, application, null);
                        }
                        default -> add(element, root, application);
                    }
                }
            }
        }
        root.setAttribute("package", id);
        finish(root, id);
        Files.createDirectories(to.getParent());
        TransformerFactory.newInstance().newTransformer().transform(new DOMSource(into), new StreamResult(to.toFile()));
    }

    /** Attributes that the app does not give itself. */
    static void take(Element from, Element to) {
        for (var i = 0; i < from.getAttributes().getLength(); i++) {
            var attribute = (Attr) from.getAttributes().item(i);
            var ours = to.hasAttribute(attribute.getName());
            if (attribute.getName().startsWith("android:") && !ours) to.setAttribute(attribute.getName(), attribute.getValue());
        }
    }

    /** A component that both name is there once, with the children of both. */
    static void add(Element element, Element parent, Node before) {
        var name = element.getAttribute("android:name");
        for (var there : children(parent)) {
            if (!name.isEmpty() && there.getTagName().equals(element.getTagName()) && there.getAttribute("android:name").equals(name)) {
                for (var child : children(element)) add(child, there, null);
                return;
            }
        }
        parent.insertBefore(parent.getOwnerDocument().importNode(element, true), before);
    }

    /** Leaves nothing that is for the merging alone. */
    static void finish(Element element, String id) {
        for (var i = element.getAttributes().getLength() - 1; i >= 0; i--) {
            var attribute = (Attr) element.getAttributes().item(i);
            if (attribute.getName().startsWith("tools:") || attribute.getName().equals("xmlns:tools")) element.removeAttributeNode(attribute);
            else attribute.setValue(attribute.getValue().replace("${applicationId}", id));
        }
        for (var child : children(element)) finish(child, id);
    }

    static void link(List<String> words) throws Exception {
        var outs = Stream.of(words.get(6).split(":")).map(Path::of).toList();
        var packages = new ArrayList<String>();
        for (var out : outs) packages.add(Files.readString(out.resolve("packages")));
        Files.createDirectories(Path.of(words.get(4)));
        var command = new ArrayList<>(List.of(words.get(0), "link", "-I", words.get(1), "--manifest", words.get(2), "-o", words.get(3),
            "--java", words.get(4), "--min-sdk-version", "26", "--target-sdk-version", "36", "--version-code", "1", "--version-name", "0.1.0",
            "--auto-add-overlay", "--no-version-vectors", "--extra-packages", String.join(":", packages)));
        command.addAll(words.subList(7, words.size()));
        for (var out : outs) for (var compiled : in(out.resolve("res"), ".zip")) command.addAll(List.of("-R", compiled.toString()));
        command.addAll(List.of("-R", words.get(5)));
        run(command);
    }

    static void run(List<String> command) throws Exception {
        var code = new ProcessBuilder(command).inheritIO().start().waitFor();
        if (code != 0) throw new IOException(code + " of " + String.join(" ", command));
    }

    static Document document(Path file) throws Exception {
        return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(file.toFile());
    }

    static Element root(Path file) throws Exception {
        return document(file).getDocumentElement();
    }

    static List<Element> children(Element of) {
        var list = new ArrayList<Element>();
        for (var node = of.getFirstChild(); node != null; node = node.getNextSibling()) if (node instanceof Element child) list.add(child);
        return list;
    }

    static List<Path> in(Path folder, String ending) throws IOException {
        try (var all = Files.list(folder)) {
            return all.filter(file -> file.toString().endsWith(ending)).sorted().toList();
        }
    }

    static boolean write(Path file, byte[] bytes) throws IOException {
        Files.createDirectories(file.getParent());
        Files.write(file, bytes);
        return true;
    }

    static void remove(Path folder) throws IOException {
        if (!Files.exists(folder)) return;
        try (var all = Files.walk(folder)) {
            for (var file : all.sorted(Comparator.reverseOrder()).toList()) Files.delete(file);
        }
    }
}
