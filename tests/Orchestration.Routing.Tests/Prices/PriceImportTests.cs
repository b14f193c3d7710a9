using Orchestration.Contracts.Routing.V1;
using Orchestration.Routing.Prices;

namespace Orchestration.Routing.Tests.Prices;

public sealed class PriceImportTests
{
    private const string Json = """
        { "provider": "deepseek", "models": [ { "id": "deepseek-flash", "mode": "chat", "status": "active", "prices": [
          { "currency": "USD", "region": "any", "effective_from": "2026-12-01T00:00:00Z", "confidence": "high", "tiers": [ { "input": "0.1", "output": "0.2" } ] } ] } ] }
        """;

    [Theory]
    [InlineData(Json, "models[0].prices[0]")]
    [InlineData("[" + Json + "]", "[0].models[0].prices[0]")]
    public void The_form_of_the_seed_files_is_read(string content, string path)
    {
        var import = PriceImport.Read(PriceFormat.Json, content);

        import.Problems.ShouldBeEmpty();
        var price = import.Prices.ShouldHaveSingleItem();
        (price.Path, price.Provider, price.Model).ShouldBe((path, "deepseek", "deepseek-flash"));
        price.Price.Tiers.ShouldHaveSingleItem().Output.ShouldBe("0.2");
        price.Price.EffectiveFrom.ShouldBe(PriceSamples.December);
    }

    [Fact]
    public void Lines_of_one_price_become_its_tiers()
    {
        var import = PriceImport.Read(PriceFormat.Csv, """
            provider,model,currency,region,effective_from,confidence,input_tokens_lte,thinking,input,output,cache_read
            # a remark
            zhipu,glm-4.6,CNY,cn,2026-12-01,high,32000,,2,8,0.4
            zhipu,glm-4.6,CNY,cn,2026-12-01,high,,false,4,16,
            deepseek,deepseek-flash,USD,any,2026-12-01T08:00:00+08:00,,,,0.1,0.2,
            """);

        import.Problems.ShouldBeEmpty();
        import.Prices.Select(p => (p.Path, p.Model, p.Price.Tiers.Count, p.Price.EffectiveFrom, p.Price.Confidence)).ShouldBe([
            ("line 3", "glm-4.6", 2, PriceSamples.December, "high"), ("line 5", "deepseek-flash", 1, PriceSamples.December, "medium")]);
        var tiers = import.Prices[0].Price.Tiers;
        (tiers[0].InputTokensLte, tiers[0].CacheRead, tiers[0].Thinking).ShouldBe((32000, "0.4", null));
        (tiers[1].InputTokensLte, tiers[1].CacheRead, tiers[1].Thinking).ShouldBe((null, null, false));
    }

    [Theory]
    [InlineData(PriceFormat.Json, "{", "$")]
    [InlineData(PriceFormat.Json, "[null]", "[0]")]
    [InlineData(PriceFormat.Json, """{ "provider": "x", "models": [ { "id": "y", "cost": 1 } ] }""", "$.models[0].cost")]
    [InlineData(PriceFormat.Json, """{ "provider": "x", "models": [] }""", "")]
    [InlineData(PriceFormat.Csv, "", "")]
    [InlineData(PriceFormat.Csv, "provider,model,currency,region,input,output,prize\nx,y,USD,any,1,2,3", "line 1")]
    [InlineData(PriceFormat.Csv, "provider,model,currency,region,input\nx,y,USD,any,1", "line 1")]
    [InlineData(PriceFormat.Csv, "provider,model,currency,region,input,output\nx,y,USD,any,1", "line 2")]
    [InlineData(PriceFormat.Csv, "provider,model,currency,region,input,output\nx,y,USD,any,\"1\",2", "line 2")]
    [InlineData(PriceFormat.Csv, "provider,model,currency,region,input,output\nx,y,,any,1,2", "line 2: currency")]
    [InlineData(PriceFormat.Csv, "provider,model,currency,region,effective_from,input,output\nx,y,USD,any,12/1/2026,1,2", "line 2: effective_from")]
    [InlineData(PriceFormat.Csv, "provider,model,currency,region,input_limit,input,output\nx,y,USD,any,1,1,2\nx,y,USD,any,2,1,2", "line 3")]
    public void What_cannot_be_read_is_told_with_its_place(PriceFormat format, string content, string path) =>
        PriceImport.Read(format, content).Problems.ShouldHaveSingleItem().Path.ShouldBe(path);
}
