using System.Text.RegularExpressions;
using System.Xml.Linq;
using Orchestration.Testing;

namespace Orchestration.Console.Tests;

public sealed partial class TextsTests
{
    private static readonly string Console = Path.Combine(RepositoryRoot.Path, "src", "Orchestration.Console");

    private static readonly Dictionary<string, string> Chinese = XDocument.Load(Path.Combine(Console, "Resources", "Texts.zh-Hans.resx"))
        .Root!.Elements("data").ToDictionary(text => text.Attribute("name")!.Value, text => text.Element("value")!.Value);

    [Fact]
    public void Every_text_on_a_page_stands_in_chinese_too()
    {
        var used = Sources().SelectMany(file => TextInSource().Matches(File.ReadAllText(file))).Select(match => match.Groups[1].Value).ToHashSet();

        used.Count.ShouldBeGreaterThan(200);
        used.Where(text => !Chinese.ContainsKey(text)).ShouldBeEmpty();
    }

    [Fact]
    public void Places_for_figures_are_the_same_in_both_languages() =>
        Chinese.Where(text => !Places(text.Key).SetEquals(Places(text.Value))).ShouldBeEmpty();

    [Fact]
    public void No_two_texts_differ_in_their_letters_case_only() =>
        Chinese.Keys.GroupBy(text => text, StringComparer.OrdinalIgnoreCase).Where(group => group.Count() > 1).ShouldBeEmpty();

    private static IEnumerable<string> Sources() =>
        Directory.EnumerateFiles(Console, "*", SearchOption.AllDirectories).Where(file => file.EndsWith(".razor", StringComparison.Ordinal) || file.EndsWith(".cs", StringComparison.Ordinal));

    private static HashSet<string> Places(string text) => [.. Place().Matches(text).Select(match => match.Value)];

    [GeneratedRegex("""(?:\bL|texts)\["([^"]+)"[\],]""")]
    private static partial Regex TextInSource();

    [GeneratedRegex(@"\{\d\}")]
    private static partial Regex Place();
}
