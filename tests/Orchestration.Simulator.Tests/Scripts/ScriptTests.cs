using System.Net;

namespace Orchestration.Simulator.Tests.Scripts;

public sealed class ScriptTests(SimulatorHost simulator)
{
    private async Task SetAsync(string model, object script)
    {
        using var response = await simulator.SendAsync($"simulator/scripts/openai/{model}", script);
        response.StatusCode.ShouldBe(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task Next_request_gets_exactly_the_bytes_given_and_the_one_after_it_does_not()
    {
        await SetAsync("scripted", new
        {
            steps = new object[] { new { text = "data: {\"x\":\"" }, new { base64 = new byte[] { 0xE4, 0xBD }, pause_ms = 5 }, new { base64 = new byte[] { 0xA0 } }, new { text = "\"}\n\n" } },
        });

        var first = await simulator.StreamAsync("openai", Prompts.Chat("scripted", stream: true));
        var second = await simulator.StreamAsync("openai", Prompts.Chat("scripted", stream: true));

        first.ShouldBe("data: {\"x\":\"你\"}\n\n");
        second.ShouldEndWith("data: [DONE]\n\n");
    }

    [Theory]
    [InlineData("cut")]
    [InlineData("reset")]
    public async Task Script_can_break_off(string ending)
    {
        await SetAsync($"broken-{ending}", new { steps = new[] { new { text = "data: {}\n\n" } }, ending });

        await Should.ThrowAsync<HttpRequestException>(() => simulator.StreamAsync("openai", Prompts.Chat($"broken-{ending}", stream: true)));
    }

    [Fact]
    public async Task Script_can_have_any_status_and_type()
    {
        await SetAsync("odd", new { status = 503, content_type = "text/html", headers = new { x_odd = "1" }, steps = new[] { new { text = "<html>" } } });

        using var response = await simulator.SendAsync("openai/v1/chat/completions", Prompts.Chat("odd"));

        ((int)response.StatusCode).ShouldBe(503);
        response.Content.Headers.ContentType!.MediaType.ShouldBe("text/html");
        response.Headers.GetValues("x_odd").ShouldBe(["1"]);
    }

    [Theory]
    [InlineData("""{"steps":[{"text":"x","base64":"AA=="}]}""")]
    [InlineData("""{"status":99,"steps":[]}""")]
    public async Task Script_that_makes_no_sense_is_refused(string body)
    {
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        using var response = await simulator.Client.PostAsync("simulator/scripts/openai/x", content, TestContext.Current.CancellationToken);

        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }
}
