using System.Text;

namespace Orchestration.Providers.Tests.Conformance;

public sealed class ConformanceTests
{
    public static TheoryData<string> Files() => new(ConformanceSuite.Shipped.Files.Select(f => f.Name));

    public static TheoryData<string> Streams() =>
        new(ConformanceSuite.Shipped.Files.Where(f => f.Sections.Any(s => s.Title == "answer stream")).Select(f => f.Name));

    [Theory]
    [MemberData(nameof(Files))]
    public void Vendor_is_asked_and_understood_as_its_documentation_says(string name)
    {
        var file = ConformanceSuite.Shipped.Find(name);
        ConformanceSuite.Capabilities.ShouldContain(file.Capability);
        ConformanceSuite.Shipped.RunOf(file).Check().ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Streams))]
    public void Stream_gives_the_same_events_wherever_it_is_split(string name)
    {
        var file = ConformanceSuite.Shipped.Find(name);
        var run = ConformanceSuite.Shipped.RunOf(file);
        foreach (var lineEnd in new[] { "\n", "\r\n" })
        {
            foreach (var stream in GoldenRun.Streams(file, lineEnd))
            {
                var whole = run.Decode(stream, stream.Length);
                whole.ShouldBe(run.Decode(Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(stream).ReplaceLineEndings("\n")), int.MaxValue));
                for (var split = 1; split < stream.Length; split++)
                    run.Decode(stream, split, stream.Length).SequenceEqual(whole).ShouldBeTrue($"{name} split at {split}");
                run.Decode(stream, 1).ShouldBe(whole);
            }
        }
    }

    [Fact]
    public void Every_vendor_and_capability_has_its_row()
    {
        var rows = ConformanceSuite.Shipped.Rows().ToList();

        rows.ShouldNotContain(r => r.Result == "failed");
        rows.DistinctBy(r => (r.Vendor, r.Capability)).Count().ShouldBe(rows.Count);
        // Chat of these vendors is asked in OpenAI's protocol and nothing of it may go unproven.
        string[] all = ["plain", "stream", "tools", "usage", "errors", "cut"];
        string[] vendors =
        [
            "deepseek", "moonshot", "zhipu", "minimax", "baidu", "alibaba", "tencent", "volcengine", "siliconflow", "stepfun", "01ai", "baichuan",
            "iflytek", "openai", "azure", "mistral", "xai", "groq", "openrouter", "cohere", "holysheep", "vllm", "llamacpp",
        ];
        rows.Where(r => vendors.Contains(r.Vendor) && all.Contains(r.Capability) && r.Files == 0).Select(r => $"{r.Vendor} {r.Capability}").ShouldBeEmpty();
    }
}
