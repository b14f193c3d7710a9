using static Orchestration.Routing.Tests.Tables.TableSamples;

namespace Orchestration.Routing.Tests.Tables;

public sealed class RouteTableNamesTests
{
    [Theory]
    [InlineData("auto", "auto")]
    [InlineData("auto:cheap", "auto:cheap")]
    [InlineData("auto:fast", "auto:fast")]
    [InlineData("auto:best", "auto:best")]
    [InlineData("embedding", "embedding")]
    [InlineData("deepseek:deepseek-flash", "deepseek/deepseek-flash")]
    [InlineData("deepseek/deepseek-flash", "deepseek/deepseek-flash")]
    [InlineData("deepseek-flash", "deepseek/deepseek-flash")]
    [InlineData("minimax:minimax-m2", "minimax/MiniMax-M2")]
    [InlineData("moonshot:chat", "moonshot/kimi-k2.6")]
    [InlineData("groq:openai/gpt-oss-120b", "groq/openai/gpt-oss-120b")]
    [InlineData("siliconflow/deepseek-ai/deepseek-v3.2", "siliconflow/deepseek-ai/DeepSeek-V3.2")]
    public void Name_means_a_route_without_a_warning(string name, string route)
    {
        var target = Shipped().Table.Names[name];

        target.Route.ShouldBe(route);
        target.Warnings.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("deepseek:chat", "deepseek/deepseek-flash")]
    [InlineData("deepseek:deepseek-chat", "deepseek/deepseek-flash")]
    [InlineData("deepseek/deepseek-reasoner", "deepseek/deepseek-flash")]
    [InlineData("deepseek-chat", "deepseek/deepseek-flash")]
    [InlineData("deepseek-v4-flash", "deepseek/deepseek-flash")]
    [InlineData("moonshot-v1-chat", "moonshot/kimi-k2.6")]
    [InlineData("moonshot-v1-8k", "moonshot/kimi-k2.6")]
    [InlineData("moonshot:kimi-k2-thinking", "moonshot/kimi-k2.6")]
    [InlineData("anthropic:claude-3-5-sonnet", "anthropic/claude-sonnet-4-5")]
    public void Retired_name_means_its_successor_with_a_warning(string name, string route)
    {
        var target = Shipped().Table.Names[name];

        target.Route.ShouldBe(route);
        var warning = target.Warnings.ShouldHaveSingleItem();
        warning.Code.ShouldBe("model_retired");
        warning.Message.ShouldContain(name);
        warning.Message.ShouldContain(route);
    }

    [Fact]
    public void Every_name_is_lower_case_and_leads_to_a_route()
    {
        var table = Shipped().Table;

        table.Names.Keys.ShouldAllBe(name => !name.Any(char.IsUpper));
        table.Names.Values.ShouldAllBe(target => table.Routes.ContainsKey(target.Route));
    }

    [Fact]
    public void Every_model_can_be_called_in_a_fresh_checkout()
    {
        var built = Shipped();

        foreach (var model in built.Inputs.Catalogue.Models.Where(m => m.Mode is "chat" or "embedding" or "rerank" && m.IsServed))
        {
            var deployment = built.Chain(model.Key).ShouldHaveSingleItem();
            deployment.Simulated.ShouldBeTrue();
            deployment.BaseUrl.ShouldStartWith($"http://127.0.0.1:8095/{model.Provider}/v1");
            deployment.Model.ShouldBe(model.Id);
        }

        built.Table.Models.ShouldAllBe(m => m.Simulated);
    }

    [Fact]
    public void Rerank_is_a_route_of_several_vendors_and_not_the_model_of_that_name()
    {
        var built = Shipped();

        built.Table.Names["rerank"].Route.ShouldBe("rerank");
        built.Table.Routes["rerank"].Mode.ShouldBe("rerank");
        built.Chain("rerank").Select(d => d.Provider).ShouldBe(["alibaba", "jina", "cohere", "siliconflow", "zhipu"]);
        built.Table.Names["zhipu/rerank"].Route.ShouldBe("zhipu/rerank");
    }

    [Fact]
    public void Rerank_has_an_address_of_its_own_where_the_vendor_gives_it_one() =>
        Shipped("cohere:intl").Chain("cohere/rerank-v3.5").ShouldHaveSingleItem().BaseUrl.ShouldBe("https://api.cohere.com/v2");

    [Fact]
    public void Ambiguous_bare_ids_mean_nothing()
    {
        var names = Shipped().Table.Names;
        var ambiguous = Shipped().Inputs.Catalogue.Models.GroupBy(m => m.Id, StringComparer.OrdinalIgnoreCase).Where(g => g.Count() > 1).Select(g => g.Key.ToLowerInvariant());

        names.Keys.Intersect(ambiguous).ShouldBeEmpty();
    }
}
