using System.Text;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Contracts.Indexing.V1;
using Orchestration.Gateway.Errors;

namespace Orchestration.Gateway.Collections;

/// <summary>A file and what its sender says of it.</summary>
internal sealed record DocumentUpload(UploadHeader Header, byte[] Content)
{
    private const int MostParts = 16;
    private const int LongestField = 4_096;

    /// <summary>True for a form, for a body that is no JSON, and where the query names a file.</summary>
    public static bool IsOne(HttpRequest request) =>
        request.Query.ContainsKey("file_name") || (request.ContentType is { } type && !IsJson(type));

    public static Failure UnknownPriority() => Failures.Invalid("invalid_request", "A priority is low, normal or high.", "priority");

    /// <summary>The whole upload, or why it is none.</summary>
    public static async Task<(DocumentUpload? Upload, Failure? Failure)> ReadAsync(HttpRequest request, int limit, CancellationToken cancellationToken)
    {
        var fields = request.Query.ToDictionary(field => field.Key, field => field.Value.ToString());
        try
        {
            var content = MediaTypeHeaderValue.TryParse(request.ContentType, out var type) && type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase)
                ? await ReadFormAsync(request.Body, HeaderUtilities.RemoveQuotes(type.Boundary).ToString(), fields, limit, cancellationToken)
                : await ReadAsync(request.Body, limit, cancellationToken);
            fields.TryAdd("media_type", type?.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase) == false ? request.ContentType! : "");
            return content is null ? (null, Failures.TooLarge(limit)) : Checked(fields, content);
        }
        catch (Exception exception) when (exception is InvalidDataException or IOException and not BadHttpRequestException)
        {
            return (null, Failures.Invalid("invalid_form", "The body is not a form with one file: send multipart/form-data with the parts 'file' and 'id'."));
        }
    }

    private static (DocumentUpload?, Failure?) Checked(Dictionary<string, string> fields, byte[] content) =>
        CollectionWriter.PriorityOf(fields.GetValueOrDefault("priority")) is not { } priority
            ? (null, UnknownPriority())
            : (new DocumentUpload(
                new UploadHeader
                {
                    DocumentId = fields.GetValueOrDefault("id") ?? "",
                    Title = fields.GetValueOrDefault("title") ?? "",
                    FileName = fields.GetValueOrDefault("file_name") ?? "",
                    MediaType = fields.GetValueOrDefault("media_type") ?? "",
                    Priority = priority,
                }, content), null);

    private static async Task<byte[]?> ReadFormAsync(
        Stream body, string boundary, Dictionary<string, string> fields, int limit, CancellationToken cancellationToken)
    {
        if (boundary.Length == 0)
            throw new InvalidDataException();
        var reader = new MultipartReader(boundary, body);
        byte[]? content = null;
        for (var parts = 0; await reader.ReadNextSectionAsync(cancellationToken) is { } section; parts++)
        {
            if (parts == MostParts || !ContentDispositionHeaderValue.TryParse(section.ContentDisposition, out var disposition))
                throw new InvalidDataException();
            var name = HeaderUtilities.RemoveQuotes(disposition.Name).ToString();
            if (name != "file")
            {
                fields[name] = Encoding.UTF8.GetString(await ReadAsync(section.Body, LongestField, cancellationToken) ?? throw new InvalidDataException());
                continue;
            }

            if (content is not null)
                throw new InvalidDataException();
            fields["file_name"] = HeaderUtilities.RemoveQuotes(disposition.FileNameStar.HasValue ? disposition.FileNameStar : disposition.FileName).ToString();
            fields["media_type"] = section.ContentType ?? "";
            content = await ReadAsync(section.Body, limit, cancellationToken);
            if (content is null)
                return null;
        }

        return content ?? throw new InvalidDataException();
    }

    private static async Task<byte[]?> ReadAsync(Stream body, int limit, CancellationToken cancellationToken)
    {
        using var content = new MemoryStream();
        var buffer = new byte[64 * 1024];
        for (int read; (read = await body.ReadAsync(buffer, cancellationToken)) > 0;)
        {
            if (content.Length + read > limit)
                return null;
            content.Write(buffer, 0, read);
        }

        return content.ToArray();
    }

    private static bool IsJson(string contentType) =>
        MediaTypeHeaderValue.TryParse(contentType, out var type)
        && (type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase) || type.Suffix.Equals("json", StringComparison.OrdinalIgnoreCase));
}
