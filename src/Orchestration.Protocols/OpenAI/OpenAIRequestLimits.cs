namespace Orchestration.Protocols.OpenAI;

/// <summary>Bounds of client requests. Each is named in the error of the request that passes it.</summary>
public static class OpenAIRequestLimits
{
    public const int ModelCharacters = 256;
    public const int Messages = 10_000;
    public const int PartsPerMessage = 4_096;
    public const int ToolCallsPerMessage = 1_024;
    public const int Tools = 1_024;
    public const int ToolNameCharacters = 128;
    public const int NameCharacters = 256;
    public const int Choices = 128;
    public const int OutputTokens = 2_000_000;
    public const int StopSequences = 64;
    public const int StopBytes = 1_024;
    public const int TopLogProbabilities = 20;
    public const int LogitBiases = 1_024;
    public const int MetadataPairs = 16;
    public const int MetadataKeyCharacters = 64;
    public const int MetadataValueCharacters = 512;
    public const int EndUserCharacters = 512;
    public const int InlineMediaCharacters = 28 * 1024 * 1024;
    public const int EmbeddingInputs = 2_048;
    public const int EmbeddingDimensions = 65_536;
}
