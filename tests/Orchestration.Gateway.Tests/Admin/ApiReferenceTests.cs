using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.OpenApi;
using Orchestration.Contracts.Admin.V1;
using Orchestration.Gateway.Admin;
using Orchestration.Gateway.Tests.Hosting;

namespace Orchestration.Gateway.Tests.Admin;

public sealed class ApiReferenceTests(GatewayFixture fixture)
{
    private const string Record = "ORCHESTRATION_RECORD_API";
    private static readonly string Page = Path.Combine(Root(), "docs", "admin-api.md");

    [Fact]
    public async Task Document_is_valid_and_names_every_method_with_its_roles()
    {
        var json = await fixture.Gateway.Admin.GetStringAsync("/admin/v1/openapi.json", TestContext.Current.CancellationToken);

        var (document, diagnostic) = OpenApiDocument.Parse(json, OpenApiConstants.Json);
        diagnostic!.Errors.ShouldBeEmpty();
        diagnostic.Warnings.ShouldBeEmpty();
        var operations = document!.Paths.SelectMany(path => path.Value.Operations!).ToList();
        operations.Select(operation => operation.Value.OperationId!.Replace('_', '/')).Order()
            .ShouldBe(AdminPolicy.All.Keys.Append(SessionService.Descriptor.FullName + "/SignIn").Select(name => name.Split('.')[^1]).Order());
        operations.Where(operation => string.IsNullOrEmpty(operation.Value.Description)).Select(operation => operation.Value.OperationId).ShouldBeEmpty();
        operations.Where(operation => operation.Value.Security is null).Select(operation => operation.Value.OperationId).ShouldBe(["SessionService_SignIn"]);
    }

    [Fact]
    public async Task Document_tells_where_a_member_of_a_request_stands()
    {
        var json = await fixture.Gateway.Admin.SendAsync(HttpMethod.Get, "/admin/v1/openapi.json");
        var paths = json.GetProperty("paths");

        var update = paths.GetProperty("/admin/v1/tenants/{tenant_id}/keys/{key_id}").GetProperty("patch");
        update.GetProperty("parameters").EnumerateArray().Select(parameter => parameter.GetProperty("in").GetString()).ShouldBe(["path", "path"]);
        var body = update.GetProperty("requestBody").GetProperty("content").GetProperty("application/json").GetProperty("schema").GetProperty("properties");
        body.TryGetProperty("keyId", out _).ShouldBeFalse();
        body.GetProperty("expiresAt").GetProperty("format").GetString().ShouldBe("date-time");
        var list = paths.GetProperty("/admin/v1/requests").GetProperty("get").GetProperty("parameters").EnumerateArray().Select(parameter => parameter.GetProperty("name").GetString());
        list.ShouldContain("filter.model");
        list.ShouldContain("page_size");
    }

    [Fact]
    public async Task Strangers_and_clients_do_not_get_it()
    {
        foreach (var key in (string[])["", fixture.Gateway.Settings.ClientKey])
        {
            using var client = GatewayHost.NewClient(fixture.Gateway.AdminAddress, key);
            await client.SendAsync(HttpMethod.Get, "/admin/v1/openapi.json", expected: HttpStatusCode.Unauthorized);
        }

        using var outside = GatewayHost.NewClient(fixture.Gateway.HttpAddress, fixture.Gateway.Settings.AdminKey);
        await outside.SendAsync(HttpMethod.Get, "/admin/v1/openapi.json", expected: HttpStatusCode.NotFound);
    }

    /// <summary>Set ORCHESTRATION_RECORD_API=1 to write the page anew.</summary>
    [Fact]
    public async Task Reference_page_tells_what_is_served()
    {
        var page = Write(await fixture.Gateway.Admin.SendAsync(HttpMethod.Get, "/admin/v1/openapi.json"));
        if (Environment.GetEnvironmentVariable(Record) == "1")
            await File.WriteAllTextAsync(Page, page, TestContext.Current.CancellationToken);

        (await File.ReadAllTextAsync(Page, TestContext.Current.CancellationToken)).ReplaceLineEndings("\n").ShouldBe(page);
    }

    private static string Write(JsonElement document)
    {
        var page = new StringBuilder();
        page.Append("# Admin API: reference\n\nMade from what is served (`GET /admin/v1/openapi.json` on the admin listener has the whole schemas). ");
        page.Append("Credential: `Authorization: Bearer …` with an operator's key or session. What each role means stands in [keys](keys.md).\n");
        var operations = document.GetProperty("paths").EnumerateObject()
            .SelectMany(path => path.Value.EnumerateObject().Select(operation => (Path: path.Name, Verb: operation.Name.ToUpperInvariant(), operation.Value)))
            .GroupBy(operation => operation.Value.GetProperty("operationId").GetString()!.Split('_')[0])
            .OrderBy(group => group.Key, StringComparer.Ordinal);
        foreach (var service in operations)
        {
            page.Append(System.Globalization.CultureInfo.InvariantCulture, $"\n## {service.Key}\n\n| call | roles | what |\n| --- | --- | --- |\n");
            foreach (var (path, verb, operation) in service)
            {
                var roles = operation.TryGetProperty("x-roles", out var named) ? string.Join(", ", named.EnumerateArray().Select(role => role.GetString())) : "nobody needs one";
                page.Append(System.Globalization.CultureInfo.InvariantCulture, $"| `{verb} {path}` | {roles} | {operation.GetProperty("description").GetString()!.Replace("|", "\\|", StringComparison.Ordinal)} |\n");
            }
        }

        return page.ToString();
    }

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Directory.Packages.props")))
            folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException("The root of the checkout was not found.");
    }
}
