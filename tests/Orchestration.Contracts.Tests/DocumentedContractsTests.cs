using System.Text.RegularExpressions;
using Orchestration.Testing;

namespace Orchestration.Contracts.Tests;

public sealed partial class DocumentedContractsTests
{
    [Fact]
    public void Every_proto_element_has_a_comment()
    {
        var files = Directory.GetFiles(Path.Combine(RepositoryRoot.Path, "src", "Orchestration.Contracts", "Protos"), "*.proto", SearchOption.AllDirectories);

        files.ShouldNotBeEmpty();
        files.SelectMany(Undocumented).ShouldBeEmpty();
    }

    private static IEnumerable<string> Undocumented(string file)
    {
        var lines = File.ReadAllLines(file);
        for (var i = 0; i < lines.Length; i++)
            if (Element().IsMatch(lines[i]) && (i == 0 || !lines[i - 1].TrimStart().StartsWith("//", StringComparison.Ordinal)))
                yield return $"{Path.GetFileName(file)}:{i + 1}: {lines[i].Trim()}";
    }

    [GeneratedRegex(@"^\s*(message|enum|service|rpc|oneof)\s|^\s+(optional |repeated )?[\w.<>, ]+ \w+ = \d+;|^\s+[A-Z_0-9]+ = \d+;", RegexOptions.NonBacktracking)]
    private static partial Regex Element();
}
