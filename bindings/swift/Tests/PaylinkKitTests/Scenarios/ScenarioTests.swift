import Foundation
import Testing

extension Contract {
    /// Plays `tests/scenarios/NAME.json`, each unchanged as every other language does (`core/CONTRACT.md` section 10).
    @Suite struct ScenarioTests {
        @Test("every scenario goes as it is written")
        func all() async throws {
            let folder = URL(fileURLWithPath: environment("PAYLINK_SCENARIOS"))
            let files = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
                .filter { $0.pathExtension == "json" }
                .sorted { $0.lastPathComponent < $1.lastPathComponent }
            #expect(files.count >= 100)
            // One of its own: `reset` forgets what the other tests have there.
            let sandbox = Sandbox()
            var (steps, passed) = (0, 0)
            for file in files {
                let name = file.deletingPathExtension().lastPathComponent
                do {
                    let (played, wrong) = try await play(file, sandbox)
                    steps += played
                    passed += wrong.isEmpty ? 1 : 0
                    for line in wrong { Issue.record("\(name), \(line)") }
                } catch {
                    Issue.record("\(name): \(error)")
                }
            }
            print("scenarios: \(files.count), steps \(steps), passed \(passed)")
            #expect(passed == files.count)
        }

        /// How many steps there were, and which of them went another way.
        private func play(_ file: URL, _ sandbox: Sandbox) async throws -> (Int, [String]) {
            let scenario = try JSONDecoder().decode(Json.self, from: Data(contentsOf: file)).object()
            let steps = try (scenario["steps"] ?? .null).list().map { try $0.object() }
            let stage = try await Stage(sandbox, scenario)
            var wrong: [String] = []
            do {
                if try scenario["signed_in"]?.flag() != false { try await stage.signIn() }
                for (place, step) in steps.enumerated() {
                    if let line = await another(step, stage) { wrong.append("step \(place + 1)\(line)") }
                }
            } catch {
                wrong.append("signing in: \(error)")
            }
            await stage.close()
            return (steps.count, wrong)
        }

        /// What is expected and what came, where they differ.
        private func another(_ step: [String: Json], _ stage: Stage) async -> String? {
            let expected = step["error"].map(Stage.Came.error) ?? .result(step["expect"] ?? .null)
            let came: String
            do {
                // Lists are sorted by the millisecond.
                try await Task.sleep(for: .milliseconds(2))
                came = try await stage.play(step).printed
            } catch {
                came = "\(error)"
            }
            // By their bytes: Swift takes texts as equal that Unicode takes as equivalent.
            if came.utf8.elementsEqual(expected.printed.utf8) { return nil }
            return "\n  expected \(expected.printed)\n  came     \(came)"
        }
    }
}
