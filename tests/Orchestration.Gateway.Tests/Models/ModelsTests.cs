using System.Net;
using Orchestration.Contracts.Gateway.V1;
using Orchestration.Gateway.Tests.Hosting;

namespace Orchestration.Gateway.Tests.Models;

public sealed class ModelsTests(GatewayFixture fixture)
{
    [Fact]
    public async Task List_shows_every_model_and_flags_the_simulated_ones()
    {
        using var response = await fixture.Gateway.Client.GetAsync("/v1/models", TestContext.Current.CancellationToken);

        var json = await response.JsonAsync();
        json.GetProperty("object").GetString().ShouldBe("list");
        var models = json.GetProperty("data").EnumerateArray().ToList();
        models.Select(model => model.GetProperty("id").GetString()).ShouldContain("auto");
        models.ShouldAllBe(model => model.GetProperty("orchestration").GetProperty("simulated").GetBoolean());
    }

    [Theory]
    [InlineData("/v1/models/test/chat")]
    [InlineData("/v1/models/test%2Fchat")]
    [InlineData("/v1/models/TEST/Chat")]
    [InlineData("/v1/models/test:chat")]
    [InlineData("/v1/models/old-chat")]
    public async Task Single_model_is_found_under_every_form_of_its_name(string path)
    {
        using var response = await fixture.Gateway.Client.GetAsync(path, TestContext.Current.CancellationToken);

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await response.JsonAsync()).GetProperty("id").GetString().ShouldBe("test/chat");
    }

    [Fact]
    public async Task Unknown_model_is_404()
    {
        using var response = await fixture.Gateway.Client.GetAsync("/v1/models/nothing", TestContext.Current.CancellationToken);

        response.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await response.ErrorCodeAsync()).ShouldBe("model_not_found");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Key_sees_the_models_that_it_may_ask_for_and_no_other(bool anthropic)
    {
        var (_, key) = await fixture.Gateway.NewKeyAsync(await fixture.Gateway.NewTenantAsync(), new() { ["models"] = new[] { "test/small" } });
        using var client = GatewayHost.NewClient(fixture.Gateway.HttpAddress, key);
        if (anthropic)
            client.DefaultRequestHeaders.Add("anthropic-version", "2023-06-01");

        using var list = await client.GetAsync("/v1/models", TestContext.Current.CancellationToken);
        using var own = await client.GetAsync("/v1/models/test:small", TestContext.Current.CancellationToken);
        using var other = await client.GetAsync("/v1/models/test:chat", TestContext.Current.CancellationToken);

        (await list.JsonAsync()).GetProperty("data").EnumerateArray().Select(model => model.GetProperty("id").GetString()).ShouldBe(["test/small"]);
        own.StatusCode.ShouldBe(HttpStatusCode.OK);
        other.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Grpc_lists_the_same_models()
    {
        var response = await new ModelsService.ModelsServiceClient(fixture.Gateway.Channel)
            .ListModelsAsync(new ListModelsRequest(), fixture.Gateway.ClientMetadata, cancellationToken: TestContext.Current.CancellationToken);

        response.Models.Select(model => model.Id).ShouldBe(TestTable.Create().Models.Select(model => model.Id).Order(StringComparer.Ordinal));
    }
}
