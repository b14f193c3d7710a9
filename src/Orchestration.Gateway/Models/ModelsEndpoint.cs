using System.Text.Json;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Contracts.Routing.V1;
using Orchestration.Gateway.Authentication;
using Orchestration.Gateway.Errors;
using Orchestration.Gateway.Http;
using Orchestration.Gateway.Planning;
using Orchestration.Gateway.RouteTables;

namespace Orchestration.Gateway.Models;

/// <summary><c>GET /v1/models</c> and <c>GET /v1/models/{id}</c>, from the route table in memory, in the shape of the client's protocol.</summary>
internal sealed class ModelsEndpoint(CurrentRouteTable routeTable)
{
    public async Task ListAsync(HttpContext context)
    {
        if (routeTable.Snapshot is not { } snapshot)
            await context.WriteFailureAsync(NoTable());
        else if (context.Request.IsAnthropic())
            await ListPageAsync(context, Listed(context, snapshot));
        else
            await AnswerAsync(context, writer => WriteList(writer, Listed(context, snapshot)));
    }

    public async Task GetAsync(HttpContext context)
    {
        // Routing leaves an escaped slash alone; ids have slashes.
        var id = (context.GetRouteValue("id") as string ?? "").Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);
        if (routeTable.Snapshot is not { } snapshot)
            await context.WriteFailureAsync(NoTable());
        else if (Find(snapshot, id) is not { } model || !MayAsk(context.GetCaller(), model, snapshot))
            await context.WriteFailureAsync(Failures.NotFound("model_not_found", "The model does not exist or you do not have access to it.", "model"));
        else if (context.Request.IsAnthropic())
            await AnswerAsync(context, writer => AnthropicModelWriter.Write(writer, model));
        else
            await AnswerAsync(context, writer => ModelWriter.Write(writer, model));
    }

    /// <summary>Whether tenant and key may ask for a model.</summary>
    internal static bool MayAsk(Caller caller, ListedModel model, RoutingSnapshot snapshot) =>
        snapshot.IsOpen(caller.TenantId, model.Id) && caller.Access.AllowsModel(model.Id, snapshot);

    private static IEnumerable<ListedModel> Listed(HttpContext context, RoutingSnapshot snapshot)
    {
        var caller = context.GetCaller();
        return snapshot.Models.Where(model => MayAsk(caller, model, snapshot));
    }

    // The protocol knows chat only.
    private static async Task ListPageAsync(HttpContext context, IEnumerable<ListedModel> models)
    {
        var (page, failure) = ModelPage.Of([.. models.Where(model => model.Mode == RouteModes.Chat)], context.Request.Query);
        if (page is null)
            await context.WriteFailureAsync(failure!);
        else
            await AnswerAsync(context, writer => AnthropicModelWriter.WritePage(writer, page));
    }

    private static void WriteList(Utf8JsonWriter writer, IEnumerable<ListedModel> models)
    {
        writer.WriteStartObject();
        writer.WriteString("object"u8, "list"u8);
        writer.WriteStartArray("data"u8);
        foreach (var model in models)
            ModelWriter.Write(writer, model);
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static async Task AnswerAsync(HttpContext context, Action<Utf8JsonWriter> write)
    {
        using var buffer = new PooledBuffer();
        using (var writer = new Utf8JsonWriter(buffer))
            write(writer);
        await context.Response.WriteJsonAsync(buffer.WrittenMemory, context.RequestAborted);
    }

    private static ListedModel? Find(RoutingSnapshot snapshot, string id)
    {
        foreach (var model in snapshot.Models)
        {
            if (string.Equals(model.Id, id, StringComparison.OrdinalIgnoreCase))
                return model;
        }

        // An alias is shown as what it stands for.
        return snapshot.FindName(id) is { } target ? snapshot.Models.FirstOrDefault(model => model.Id == target.Route) : null;
    }

    private static Failure NoTable() => Failures.Unavailable("routing_unavailable", "The gateway has not learned its routes yet.");
}
