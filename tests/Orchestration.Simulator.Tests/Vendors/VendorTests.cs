using System.Net;
using System.Net.Http.Headers;
using Orchestration.Simulator.Vendors;

namespace Orchestration.Simulator.Tests.Vendors;

public sealed class VendorTests(SimulatorHost simulator)
{
    [Fact]
    public async Task Models_are_listed_per_vendor()
    {
        var text = await simulator.Client.GetStringAsync("deepseek/v1/models", TestContext.Current.CancellationToken);

        text.ShouldStartWith("""{"object":"list","data":[{"id":"deepseek-chat","object":"model","created":""");
        text.ShouldContain("\"owned_by\":\"deepseek\"");
    }

    [Fact]
    public async Task Unknown_vendor_is_refused_by_name()
    {
        using var response = await simulator.SendAsync("nobody/v1/chat/completions", Prompts.Chat("x"));

        response.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldContain("'nobody'");
    }

    [Theory]
    [InlineData(null, "step-3.7-flash", 401)]
    [InlineData("sk-wrong", "step-3.7-flash", 401)]
    [InlineData("sk-right", "step-3.7-flash", 200)]
    [InlineData("sk-right", "unknown", 404)]
    public async Task Strict_vendor_checks_key_and_model(string? key, string model, int status)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "stepfun/v1/chat/completions")
        {
            Content = new StringContent($$"""{"model":"{{model}}","messages":[{"role":"user","content":"x"}]}"""),
        };
        if (key is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);

        using var response = await simulator.Client.SendAsync(request, TestContext.Current.CancellationToken);

        ((int)response.StatusCode).ShouldBe(status);
    }

    [Fact]
    public async Task Every_vendor_answers_for_every_model()
    {
        var vendors = VendorCatalogue.Load();
        foreach (var vendor in vendors.Ids.Select(id => vendors.Find(id)!).Where(vendor => vendor.Id != "stepfun"))
        {
            foreach (var model in vendor.Models.Where(model => model is { Dimensions: null, Rerank: false }))
            {
                var stream = await simulator.StreamAsync(vendor.Id, Prompts.Chat(model.Id, stream: true));
                stream.ShouldEndWith($"{vendor.Wire.Prefix}[DONE]\n\n");
                // Spark never says why it ends.
                stream.Contains("\"finish_reason\":\"stop\"", StringComparison.Ordinal).ShouldBe(vendor.Id != "iflytek", vendor.Id);
            }
        }
    }

    [Fact]
    public async Task Home_page_says_that_nothing_is_real()
    {
        (await simulator.Client.GetStringAsync("", TestContext.Current.CancellationToken)).ShouldContain("simulator");
    }

    [Fact]
    public void Shipped_settings_are_valid_and_bounds_hold()
    {
        var validator = new SimulatorOptionsValidator();
        validator.Validate(null, new SimulatorOptions()).Succeeded.ShouldBeTrue();
        validator.Validate(null, new SimulatorOptions { Speed = -1 }).Failed.ShouldBeTrue();
        validator.Validate(null, new SimulatorOptions { JournalCapacity = 0 }).Failed.ShouldBeTrue();
    }
}
