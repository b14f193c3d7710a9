namespace Orchestration.Simulator.Chat.Templates;

/// <summary>A gap of a template, written <c>"$name"</c> there, or <c>"$name|json"</c> with what stands in it when there is nothing to fill in.</summary>
internal enum Slot
{
    /// <summary>Id of the answer.</summary>
    Id,

    /// <summary>Id of the answer in the first and the last chunk of a stream only.</summary>
    EdgeId,

    /// <summary>Seconds since 1970.</summary>
    Created,

    Model,

    /// <summary>The choices: one or none in a chunk, all in a whole answer.</summary>
    Choices,

    Index,

    Delta,

    /// <summary>Why the choice ended; nothing while it goes on.</summary>
    Finish,

    Logprobs,

    /// <summary>The piece of text that a chunk carries.</summary>
    Text,

    /// <summary>Tool calls of a chunk or a message.</summary>
    Calls,

    CallIndex,

    CallId,

    CallName,

    /// <summary>Arguments of a call, or the piece of them that a chunk carries.</summary>
    Arguments,

    Message,

    /// <summary>The whole text; nothing when tools are called instead.</summary>
    Content,

    /// <summary>All reasoning that is shown in a member of its own.</summary>
    Reasoning,

    /// <summary>Usage, in whole answers and in the chunks where the vendor puts it.</summary>
    Usage,

    /// <summary>Usage or null in every chunk, when the request asked for usage.</summary>
    AskedUsage,

    /// <summary>Usage inside the choice.</summary>
    ChoiceUsage,

    Input,

    Output,

    /// <summary>Output without reasoning.</summary>
    Said,

    Total,

    Cached,

    /// <summary>Input that was not read from the cache.</summary>
    Missed,

    /// <summary>Tokens of reasoning; nothing when there are none.</summary>
    ReasoningTokens,

    /// <summary>List price of the answer; nothing for a model without price.</summary>
    Cost,

    /// <summary>Input of a stream in its last chunk only.</summary>
    EndInput,

    /// <summary>Output of a stream in its last chunk only.</summary>
    EndOutput,

    /// <summary>0, or 2 when the vendor's content filter stepped in.</summary>
    Flag,

    /// <summary>Random padding, when the request does not refuse it.</summary>
    Obfuscation,
}
