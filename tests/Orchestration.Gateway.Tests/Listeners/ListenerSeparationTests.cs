using System.Net;
using System.Net.Http.Headers;
using Grpc.Core;
using Grpc.Net.Client;
using Grpc.Net.Client.Web;
using Orchestration.Contracts.Admin.V1;
using Orchestration.Contracts.Gateway.V1;
using Orchestration.Gateway.Tests.Hosting;

namespace Orchestration.Gateway.Tests.Listeners;

/// <summary>What belongs to one door does not exist behind the others, whatever credential is shown.</summary>
public sealed class ListenerSeparationTests(GatewayFixture fixture)
{
    [Theory]
    [InlineData("GET", "/admin/v1/system")]
    [InlineData("GET", "/admin/v1/requests")]
    [InlineData("POST", "/admin/v1/requests")]
    [InlineData("POST", "/admin/v1/sessions")]
    [InlineData("GET", "/admin/v1/traces")]
    [InlineData("POST", "/orchestration.admin.v1.SystemService/GetStatus")]
    [InlineData("POST", "/orchestration.gateway.v1.ChatService/Complete")]
    public async Task Public_listener_knows_no_admin_and_no_grpc_endpoint(string method, string path)
    {
        using var client = GatewayHost.NewClient(fixture.Gateway.HttpAddress, fixture.Gateway.Settings.AdminKey);
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (method == "POST")
        {
            request.Content = new ByteArrayContent([0, 0, 0, 0, 0]);
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/grpc-web");
        }

        using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);

        response.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await response.ErrorCodeAsync()).ShouldBe("unknown_url");
    }

    [Theory]
    [InlineData("GET", "/v1/models")]
    [InlineData("POST", "/v1/chat/completions")]
    [InlineData("GET", "/v1/chat/completions")]
    public async Task Admin_listener_knows_no_client_endpoint(string method, string path)
    {
        using var client = GatewayHost.NewClient(fixture.Gateway.AdminAddress, fixture.Gateway.Settings.ClientKey);
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);

        response.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await response.JsonAsync()).GetProperty("code").GetInt32().ShouldBe(5);
    }

    [Fact]
    public async Task Grpc_listener_knows_no_admin_service_even_for_the_admin_key()
    {
        var client = new SystemService.SystemServiceClient(fixture.Gateway.Channel);
        var metadata = new Metadata { { "authorization", $"Bearer {fixture.Gateway.Settings.AdminKey}" } };

        var exception = await Should.ThrowAsync<RpcException>(
            async () => await client.GetStatusAsync(new GetSystemStatusRequest(), metadata, cancellationToken: TestContext.Current.CancellationToken));

        exception.StatusCode.ShouldBe(StatusCode.Unimplemented);
    }

    [Fact]
    public async Task Grpc_listener_knows_no_rest_endpoint()
    {
        using var client = GatewayHost.NewClient(fixture.Gateway.GrpcAddress, fixture.Gateway.Settings.ClientKey);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/models") { Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
        using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);

        response.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Admin_key_is_no_client_key_on_the_grpc_listener()
    {
        var client = new ModelsService.ModelsServiceClient(fixture.Gateway.Channel);
        var metadata = new Metadata { { "authorization", $"Bearer {fixture.Gateway.Settings.AdminKey}" } };

        (await Should.ThrowAsync<RpcException>(async () => await client.ListModelsAsync(new ListModelsRequest(), metadata))).StatusCode.ShouldBe(StatusCode.Unauthenticated);
    }

    [Fact]
    public async Task Admin_services_answer_grpc_web_on_their_own_listener()
    {
        using var channel = GrpcChannel.ForAddress(fixture.Gateway.AdminAddress, new GrpcChannelOptions
        {
            HttpHandler = new GrpcWebHandler(new HttpClientHandler { UseProxy = false }),
            HttpVersion = HttpVersion.Version11,
        });
        var metadata = new Metadata { { "authorization", $"Bearer {fixture.Gateway.Settings.AdminKey}" } };

        var status = await new SystemService.SystemServiceClient(channel)
            .GetStatusAsync(new GetSystemStatusRequest(), metadata, cancellationToken: TestContext.Current.CancellationToken);

        status.PolicyVersion.ShouldBe(TestTable.Policy);
    }
}
