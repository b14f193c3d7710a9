using System.Text;
using Orchestration.Routing.Catalogue;

namespace Orchestration.Routing.Tests.Catalogue;

public sealed class CatalogueReaderTests
{
    private const string Price = """{ "currency": "USD", "region": "any", "confidence": "high", "tiers": [{ "input": "1", "output": "2" }] }""";

    public static TheoryData<string, string> Mistakes => new()
    {
        { "models[0].mode", Model(mode: "video") },
        { "models[0].status", Model(status: "asleep") },
        { "models[0].capabilities[0]", Model(more: """ "capabilities": ["flight"], """) },
        { "models[0].context_window", Model(more: """ "context_window": -1, """) },
        { "models[0].embedding_dimensions", Model(mode: "embedding") },
        { "models[0].successor", Model(status: "retired", more: """ "successor": "nobody", """) },
        { "models[0].successor", Model(more: """ "successor": "m", """) },
        { "models[0].prices[0].tiers[0].input", Model(prices: Price.Replace("\"1\"", "\"-1\"", StringComparison.Ordinal)) },
        { "models[0].prices[0].currency", Model(prices: Price.Replace("USD", "usd", StringComparison.Ordinal)) },
        { "models[0].prices[0].confidence", Model(prices: Price.Replace("high", "sure", StringComparison.Ordinal)) },
        { "models[0].prices[1]", Model(prices: $"{Price}, {Price}") },
        { "models[1].id", $"{Model()}, {Model()}" },
        {
            "models[0].prices[0].tiers[0].window.ranges[0].from",
            Model(prices: Price.Replace("\"input\"", """ "window": { "time_zone": "Asia/Shanghai", "ranges": [{ "from": "9", "to": "12:00" }] }, "input" """, StringComparison.Ordinal))
        },
    };

    [Theory]
    [MemberData(nameof(Mistakes), DisableDiscoveryEnumeration = true)]
    public void Mistake_is_told_with_file_and_member(string member, string models)
    {
        var refused = Should.Throw<InvalidCatalogueException>(() => Read("p.json", File(models)));

        refused.Problems.ShouldContain(p => p.File == "p.json" && p.Member == member, refused.Message);
    }

    [Theory]
    [InlineData("""{ "provider": "p", "models": [] """)]
    [InlineData("""{ "provider": "p" }""")]
    [InlineData("""{ "provider": "p", "models": [], "price": 1 }""")]
    [InlineData("""{ "provider": "p", "provider": "q", "models": [] }""")]
    [InlineData("null")]
    public void Malformed_file_is_told_by_its_name(string text) =>
        Should.Throw<InvalidCatalogueException>(() => Read("p.json", text)).Problems.ShouldHaveSingleItem().File.ShouldBe("p.json");

    [Fact]
    public void All_mistakes_of_all_files_are_told_at_once()
    {
        var refused = Should.Throw<InvalidCatalogueException>(() => CatalogueReader.Read([
            ("p.json", Encoding.UTF8.GetBytes(File(Model(mode: "video", status: "asleep")))),
            ("q.json", "{"u8.ToArray()),
            ("r.json", Encoding.UTF8.GetBytes(File(Model()))),
        ]));

        refused.Problems.Select(p => p.File).Distinct().ShouldBe(["p.json", "q.json", "r.json"]);
        refused.Problems.Count(p => p.File == "p.json").ShouldBe(2);
    }

    [Fact]
    public void Right_file_is_taken() => Read("p.json", File(Model())).Find("P/M")!.Key.ShouldBe("p/m");

    private static ModelCatalogue Read(string file, string text) => CatalogueReader.Read([(file, Encoding.UTF8.GetBytes(text))]);

    private static string File(string models) => $$"""{ "provider": "p", "models": [{{models}}] }""";

    private static string Model(string mode = "chat", string status = "active", string more = "", string prices = Price) =>
        $$"""{ "id": "m", "mode": "{{mode}}", "status": "{{status}}", {{more}} "prices": [{{prices}}] }""";
}
