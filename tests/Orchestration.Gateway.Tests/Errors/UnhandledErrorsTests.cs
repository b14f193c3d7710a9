using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Orchestration.Gateway.Errors;
using Orchestration.Gateway.Http;
using Orchestration.Gateway.Tests.Hosting;

namespace Orchestration.Gateway.Tests.Errors;

/// <summary>A defect of ours is told in the shape of the client's protocol, and never explained.</summary>
public sealed class UnhandledErrorsTests(GatewayFixture fixture)
{
    [Theory]
    [InlineData("/v1/chat/completions", "server_error")]
    [InlineData("/v1/responses", "server_error")]
    [InlineData("/v1/models", "server_error")]
    [InlineData("/v1/messages", "api_error")]
    [InlineData("/v1/messages/count_tokens", "api_error")]
    public async Task Defect_is_500_in_the_shape_of_the_protocol(string path, string type)
    {
        var context = new DefaultHttpContext { Request = { Path = path, Method = "POST" }, Response = { Body = new MemoryStream() } };
        context.Features.Set(RequestIdentity.Create(TimeProvider.System));
        var errors = new UnhandledErrors(
            _ => throw new InvalidOperationException("Password of the database"), fixture.Gateway.Services.GetRequiredService<GatewayTelemetry>(), NullLogger<UnhandledErrors>.Instance);

        await errors.InvokeAsync(context);

        context.Response.StatusCode.ShouldBe(500);
        context.Response.Body.Position = 0;
        var json = (await JsonDocument.ParseAsync(context.Response.Body, cancellationToken: TestContext.Current.CancellationToken)).RootElement;
        json.GetProperty("error").GetProperty("type").GetString().ShouldBe(type);
        json.TryGetProperty("type", out _).ShouldBe(type == "api_error");
        json.ToString().ShouldNotContain("Password");
    }
}
