using Orchestration.Simulator.Dialects;

namespace Orchestration.Simulator.Responses;

/// <summary><c>POST /{vendor}/v1/responses</c>.</summary>
internal static class ResponsesRoutes
{
    public static void MapResponses(this IEndpointRouteBuilder routes)
    {
        var reception = routes.ServiceProvider.GetRequiredService<Reception>();
        RequestDelegate handle = context => reception.ServeAsync(
            context, ResponsesDialect.Instance, null, "chat", ResponsesRequestReader.Read, (visit, request) => new DialectAnswer(
                (buffer, exchange) => ResponseObject.WritePlain(buffer, exchange, request),
                (body, exchange) => new ResponsesWriter(body, exchange, request)).WriteAsync(visit, request.Chat));
        routes.MapPost("/{vendor}/v1/responses", handle);
        routes.MapPost("/{vendor}/responses", handle);
    }
}
